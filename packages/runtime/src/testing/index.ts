/** The public door for tests of links and peers: time that a test controls. */
export { createVirtualClock, type VirtualClock } from "./virtual-clock.js";
