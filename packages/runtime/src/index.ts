/** The public door of the runtime: what programs, generated code and other packages may use. */
export { type Clock, sleep, systemClock } from "./clock.js";
export {
  type Executed,
  RemoteError,
  RpcError,
  type RpcErrorCode,
  type RpcErrorInit,
  type RpcPhase,
} from "./errors.js";
export type { Link, LinkTraits } from "./link/link.js";
export { createMemoryLink, type MemoryLinkOptions } from "./link/memory-link.js";
export { createStreamLink, type StreamLink, type StreamLinkDriver } from "./link/stream-link.js";
export { hashName } from "./packet/hash-name.js";
export { createMaster } from "./peer/create-master.js";
export { createSlave } from "./peer/create-slave.js";
export type { Shape } from "./peer/patience.js";
export type { MasterStats, RetryEvent } from "./peer/tally.js";
export type {
  CallContext,
  CallOptions,
  Frames,
  Handler,
  Master,
  MasterOptions,
  ServeOptions,
  Slave,
  SlaveOptions,
  Stream,
  StreamOptions,
  Target,
} from "./peer/types.js";
