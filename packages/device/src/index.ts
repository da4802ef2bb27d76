/** The public door of the device package: a camera to talk to where there is none on the desk. */
export type { BusDevice, BusTransaction } from "./board/bus-channel.js";
export { type BusSocket, serveBusSocket } from "./board/bus-socket.js";
export type { CanFrame, CanWire, I2cWire, SpiWire } from "./board/port.js";
export {
  startVirtualCamera,
  type VirtualCamera,
  type VirtualCameraOptions,
  type VirtualLink,
} from "./board/virtual-camera.js";
