/**
 * What every link must do, as a suite that each transport runs against a pair of its own ends. The test
 * runner is handed in, so that the runtime depends on none.
 */
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";

export interface LinkPair {
  readonly a: Link;
  readonly b: Link;
  /** Runs what a test does: on a virtual clock where there is one, else as it is. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Frees what is left of the pair. */
  dispose(): Promise<void>;
}

/** As much of a test runner as the suite needs; vitest's and jest's fit. */
export interface TestTools {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  expect(value: unknown): { toEqual(expected: unknown): void };
}

/** Longer than any line here needs, shorter than a test may take. */
const SOON_MS = 5000;
/** What is not there yet does not come either. */
const NOT_COMING_MS = 30;

const bytes = (length: number, start = 0) => new Uint8Array(length).map((_, index) => start + index * 3);

export function describeLink(name: string, createPair: () => Promise<LinkPair>, tools: TestTools): void {
  const { describe, it, expect } = tools;

  function check(what: string, body: (a: Link, b: Link) => Promise<void>): void {
    it(what, async () => {
      const pair = await createPair();
      try {
        await pair.run(body(pair.a, pair.b));
      } finally {
        await pair.run(pair.dispose());
      }
    });
  }

  async function read(link: Link, length: number): Promise<Uint8Array | null> {
    const into = new Uint8Array(length);
    return (await link.getBytes(into, SOON_MS)) ? into : null;
  }

  async function codeOf(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => "no error",
      (error: unknown) => (error instanceof RpcError ? error.code : String(error)),
    );
  }

  describe(`${name}: what every link does`, () => {
    check("moves bytes both ways, in their order", async (a, b) => {
      expect(await a.putBytes(bytes(10), SOON_MS)).toEqual(true);
      expect(await a.putBytes(bytes(5, 100), SOON_MS)).toEqual(true);
      expect(await read(b, 4)).toEqual(bytes(4));
      expect(await read(b, 11)).toEqual(Uint8Array.of(...bytes(10).subarray(4), ...bytes(5, 100)));
      expect(await b.putBytes(bytes(3, 7), SOON_MS)).toEqual(true);
      expect(await read(a, 3)).toEqual(bytes(3, 7));
    });

    check("carries every value of a byte, and many of them", async (a, b) => {
      const all = new Uint8Array(100_000).map((_, index) => index ^ (index >> 8));
      const [taken, received] = await Promise.all([a.putBytes(all, SOON_MS), read(b, all.length)]);
      expect(taken).toEqual(true);
      expect(received).toEqual(all);
    });

    check("fills a read that waits", async (a, b) => {
      const reading = read(b, 6);
      await a.putBytes(bytes(2), SOON_MS);
      await a.putBytes(bytes(4, 50), SOON_MS);
      expect(await reading).toEqual(Uint8Array.of(...bytes(2), ...bytes(4, 50)));
    });

    check("takes nothing when a read is not filled in time", async (a, b) => {
      await a.putBytes(bytes(3), SOON_MS);
      expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
      await a.putBytes(bytes(1, 200), SOON_MS);
      expect(await read(b, 4)).toEqual(Uint8Array.of(...bytes(3), 200));
    });

    check("ends a read when its signal aborts, and takes nothing", async (a, b) => {
      const stop = new AbortController();
      const reading = b.getBytes(new Uint8Array(4), SOON_MS, stop.signal);
      await a.putBytes(bytes(3), SOON_MS);
      stop.abort();
      expect(await reading).toEqual(false);
      expect(await read(b, 3)).toEqual(bytes(3));
    });

    check("does not read or write for a signal that has aborted", async (a, b) => {
      const signal = AbortSignal.abort();
      expect(await a.putBytes(bytes(3), SOON_MS, signal)).toEqual(false);
      expect(await b.getBytes(new Uint8Array(1), SOON_MS, signal)).toEqual(false);
    });

    check("keeps nothing of what it was given to write", async (a, b) => {
      const data = bytes(4);
      await a.putBytes(data, SOON_MS);
      data.fill(255);
      expect(await read(b, 4)).toEqual(bytes(4));
    });

    check("discards what was received on flush", async (a, b) => {
      await a.putBytes(bytes(3), SOON_MS);
      expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
      await b.flush();
      await a.putBytes(bytes(2, 90), SOON_MS);
      expect(await read(b, 2)).toEqual(bytes(2, 90));
    });

    check("rejects a pending read and what comes later when it is closed", async (a) => {
      const reading = codeOf(a.getBytes(new Uint8Array(1), SOON_MS));
      await a.close();
      expect(await reading).toEqual("closed");
      expect(await codeOf(a.getBytes(new Uint8Array(1), SOON_MS))).toEqual("closed");
      expect(await codeOf(a.putBytes(bytes(1), SOON_MS))).toEqual("closed");
      await a.close();
    });

    check("reads and writes nothing at once", async (a, b) => {
      expect(await a.putBytes(new Uint8Array(0), 0)).toEqual(true);
      expect(await b.getBytes(new Uint8Array(0), 0)).toEqual(true);
    });
  });
}
