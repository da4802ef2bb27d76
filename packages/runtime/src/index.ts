export * from "./clock.js";
export * from "./errors.js";
export * from "./link/link.js";
export * from "./peer/types.js";
