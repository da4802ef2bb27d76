/** The board's I2C or SPI bus, with whoever holds the camera as the other side. */
import { type BusDevice, createBusChannel, createBusHostEnd } from "./bus-channel.js";
import { NO_FACES, type Port } from "./port.js";

/** Nobody answers a script that is master. */
const NO_DEVICE: BusDevice = async () => null;

export function createBusPort(kind: "i2c" | "spi", device: BusDevice = NO_DEVICE): Port {
  const bus = createBusChannel();
  const host = createBusHostEnd(bus, device);
  return {
    faces: { ...NO_FACES, [kind]: host },
    channel: { kind, bus },
    receive(message) {
      if (message.kind === "bus-open" || message.kind === "bus-transaction") host.receive(message);
    },
    start: () => {},
    drained: async () => {},
    close: async () => {},
  };
}
