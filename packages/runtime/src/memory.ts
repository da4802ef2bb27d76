/** The door to the memory link: two ends in one program, with a good line between them or a bad one. */
export { createMemoryLink, type MemoryLinkOptions } from "./link/memory-link.js";
export type { FaultCounts, FaultOptions, Faults } from "./testing/faults.js";
export { createFaultyPair, type FaultyPairOptions } from "./testing/faulty-link.js";
