/** A UART or the USB serial port, wired to a line: a pseudo terminal or a memory link. */
import { createByteChannel, createByteHostEnd } from "./byte-channel.js";
import type { Line } from "./line.js";
import { NO_FACES, type Port } from "./port.js";

export function createBytePort(kind: "uart" | "usb", line: Line): Port {
  const bytes = createByteChannel();
  const host = createByteHostEnd(bytes, line.write);
  return {
    faces: { ...NO_FACES, path: line.path, link: line.link },
    channel: { kind, bytes },
    receive(message) {
      if (message.kind === "bytes" || message.kind === "bytes-room") host.receive(message);
    },
    start: () => line.start(host.deliver),
    drained: host.drained,
    close: line.close,
  };
}
