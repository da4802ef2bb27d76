/**
 * In place of `spi-device`, for the process of an SPI slave: device 0 answers at once, each byte with its
 * complement; device 1 waits for a master that never clocks; any other bus is not there.
 */
exports.openSync = (bus, device) => {
  if (bus !== 0) throw Object.assign(new Error("ENOENT, No such file or directory"), { code: "ENOENT" });
  return {
    transferSync([{ byteLength, sendBuffer, receiveBuffer }]) {
      if (device === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      if (byteLength > 4096)
        throw Object.assign(new Error("EMSGSIZE, Message too long"), { code: "EMSGSIZE" });
      for (let at = 0; at < byteLength; at++) receiveBuffer[at] = sendBuffer[at] ^ (at + 1);
    },
  };
};
