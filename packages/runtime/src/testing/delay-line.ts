/** The two links of a timed line, for tests that need no more of it. */
import type { Link } from "../link/link.js";
import { createTimedLine, type TimedLineOptions } from "./timed-line.js";

export type DelayLineOptions = TimedLineOptions;

export function createDelayLine(options: DelayLineOptions): [Link, Link] {
  const { a, b } = createTimedLine(options);
  return [a.link, b.link];
}
