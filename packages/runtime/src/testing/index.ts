/** The public door for tests of links and peers: controlled time, distance, stock peers, what every link must do. */
export { type Arrivals, createArrivals, type Segment } from "./arrivals.js";
export { type CountCopiesOptions, countCopiedBytes } from "./count-copies.js";
export { createDelayLine, type DelayLineOptions } from "./delay-line.js";
export {
  createFaults,
  type FaultCounts,
  type FaultOptions,
  type Faults,
  type FaultyPiece,
} from "./faults.js";
export {
  createFaultyLink,
  createFaultyPair,
  type FaultyLinkOptions,
  type FaultyPairOptions,
} from "./faulty-link.js";
export { describeLink, type LinkContractOptions, type LinkPair, type TestTools } from "./link-contract.js";
export { createRunLog, type RunLog } from "./run-log.js";
export { createRandom, type Random } from "./seeded-random.js";
export {
  bigByte,
  bigResult,
  FRAME_BYTES,
  type StockContext,
  type StockFunction,
  standardFunctions,
} from "./stock-functions.js";
export { createStockMaster, type StockMaster, type StockMasterOptions } from "./stock-master.js";
export type { StockPort, StockReadPatience } from "./stock-port.js";
export {
  createStockSlave,
  type StockServeOptions,
  type StockSlave,
  type StockSlaveOptions,
  type StockStep,
  serveStockPort,
} from "./stock-slave.js";
export type { StockStreams } from "./stock-streams.js";
export { createStockUart, type StockUartOptions } from "./stock-uart.js";
export { createTimedLine, type LineEnd, type TimedLineOptions } from "./timed-line.js";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.js";
