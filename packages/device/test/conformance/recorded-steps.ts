/** A recorded exchange as steps: equal packets in a row are one, as how often a peer tries again is timing. */
import type { Direction, Exchange } from "./exchange.js";

export interface Step {
  readonly dir: Direction;
  readonly hex: string;
  /** When each try was recorded, since the first byte of the exchange. */
  readonly copiesMs: readonly number[];
}

/** One try of a step, as the other side received it. */
export interface Delivery {
  /** The step that it belongs to, and which of its tries it is. */
  readonly step: number;
  readonly copy: number;
  readonly data: Uint8Array;
  /** How long after the first try of the step before. */
  readonly gapMs: number;
}

export function toSteps(exchange: Pick<Exchange, "bytes">): Step[] {
  const steps: { dir: Direction; hex: string; copiesMs: number[] }[] = [];
  for (const { dir, hex, t_ms } of exchange.bytes) {
    const last = steps.at(-1);
    if (last?.dir === dir && last.hex === hex) last.copiesMs.push(t_ms);
    else steps.push({ dir, hex, copiesMs: [t_ms] });
  }
  return steps;
}

/** Everything that one side sent. */
export function toDeliveries(
  exchange: Pick<Exchange, "bytes">,
  steps: readonly Step[],
  dir: Direction,
): Delivery[] {
  const arrived = exchange.bytes.map(({ hex, delivered_hex }) => delivered_hex ?? hex);
  const deliveries: Delivery[] = [];
  let next = 0;
  for (const [step, { dir: stepDir, copiesMs }] of steps.entries()) {
    const beforeMs = steps[step - 1]?.copiesMs[0] ?? 0;
    for (const [copy, atMs] of copiesMs.entries()) {
      const data = Uint8Array.from(Buffer.from(arrived[next++] ?? "", "hex"));
      if (stepDir === dir) deliveries.push({ step, copy, data, gapMs: atMs - beforeMs });
    }
  }
  return deliveries;
}
