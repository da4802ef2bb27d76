/** The public door for tests of links and peers: controlled time, distance, a stock slave, what every link must do. */
export { createDelayLine, type DelayLineOptions } from "./delay-line.js";
export { describeLink, type LinkContractOptions, type LinkPair, type TestTools } from "./link-contract.js";
export { runStockSlave, type StockFunction, type StockSlaveOptions } from "./stock-slave.js";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.js";
