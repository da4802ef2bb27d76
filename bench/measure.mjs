// Medians of repeated runs, taken in turn so that a slow moment of the machine hits every contender.

export const quick = process.argv.includes("--quick");

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs each contender `rounds` times, interleaved; resolves with the median of what each returned, by name. */
export async function interleave(contenders, rounds) {
  const results = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < (quick ? 1 : rounds); round += 1) {
    for (const { name, run } of contenders) results.get(name).push(await run());
  }
  return new Map([...results].map(([name, values]) => [name, median(values)]));
}

/** Calls `body` over and over for `ms`; calls per second. */
export async function perSecond(body, ms) {
  const startedMs = performance.now();
  const endMs = startedMs + (quick ? 20 : ms);
  let count = 0;
  let nowMs = startedMs;
  while (nowMs < endMs) {
    await body();
    count += 1;
    nowMs = performance.now();
  }
  return count / ((nowMs - startedMs) / 1000);
}

/** As `perSecond` for something that takes well under a microsecond: looks at the clock every 256 calls. */
export function perSecondSync(body, ms) {
  const startedMs = performance.now();
  const endMs = startedMs + (quick ? 5 : ms);
  let count = 0;
  let nowMs = startedMs;
  while (nowMs < endMs) {
    for (let index = 0; index < 256; index += 1) body();
    count += 256;
    nowMs = performance.now();
  }
  return count / ((nowMs - startedMs) / 1000);
}

/** 12345.6 → "12,300", 0.4567 → "0.457": three digits that mean something. */
export function rounded(value) {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 6 });
}
