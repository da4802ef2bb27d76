/** The public door of the device package: a camera to talk to where there is none on the desk. */
export {
  startVirtualCamera,
  type VirtualCamera,
  type VirtualCameraOptions,
} from "./board/virtual-camera.js";
