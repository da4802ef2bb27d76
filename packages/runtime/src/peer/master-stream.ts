/**
 * A stream as the caller of a master sees it: an async iterable over a call and the frames that follow it. Nothing
 * is sent before someone looks; whatever ends it (its end, an error, `break`, abort) ends the turn on the
 * link, so that the next call can begin.
 */
import type { Stream } from "./types.js";

/** A stream whose call has been answered. `end` gives the line back; `isInStep` says whether it was read to its end. */
export interface OpenStream {
  readonly answer: Uint8Array;
  /** The next frame, or null at the clean end. */
  nextFrame(): Promise<Uint8Array | null>;
  end(isInStep: boolean): Promise<void>;
}

export interface MasterStreamOptions {
  /** Makes the call and opens the reader. The signal ends it and the reads of the reader. */
  open(signal: AbortSignal): Promise<OpenStream>;
  readonly latestOnly: boolean;
  readonly signal: AbortSignal | undefined;
}

export function createMasterStream(options: MasterStreamOptions): Stream<Uint8Array, Uint8Array> {
  const ending = new AbortController();
  const signal =
    options.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, options.signal]);
  let opening: Promise<OpenStream> | null = null;
  let finishing: Promise<void> | null = null;
  let source: FrameSource | null = null;

  const open = (): Promise<OpenStream> => {
    opening ??= options.open(signal);
    return opening;
  };

  /** Ends the stream once; a stream that was never opened has nothing to end. */
  function finish(isInStep: boolean): Promise<void> {
    finishing ??= (async () => {
      if (!isInStep) ending.abort();
      const opened = await opening?.catch(() => null);
      await source?.idle();
      await opened?.end(isInStep);
    })();
    return finishing;
  }

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (finishing !== null) return { done: true, value: undefined };
    try {
      const { nextFrame } = await open();
      source ??= options.latestOnly ? createLatestSource(nextFrame, signal) : createPlainSource(nextFrame);
      const frame = await source.next();
      if (frame !== null) return { done: false, value: frame };
    } catch (error) {
      const wasEnded = finishing !== null;
      await finish(false);
      if (wasEnded) return { done: true, value: undefined };
      throw error;
    }
    await finish(true);
    return { done: true, value: undefined };
  }

  const iterator: AsyncIterator<Uint8Array> = {
    next,
    async return() {
      await finish(false);
      return { done: true, value: undefined };
    },
  };

  return {
    get header() {
      return finishing === null || opening !== null
        ? open().then((opened) => opened.answer)
        : Promise.reject(new Error("the stream was closed before it was opened"));
    },
    [Symbol.asyncIterator]: () => iterator,
    [Symbol.asyncDispose]: () => finish(false),
  };
}

type NextFrame = OpenStream["nextFrame"];

interface FrameSource {
  next(): Promise<Uint8Array | null>;
  /** Resolves when nothing reads the link any more. */
  idle(): Promise<void>;
}

/** Frame by frame: the reader takes the next one when the consumer asks, and credits hold the writer back. */
function createPlainSource(nextFrame: NextFrame): FrameSource {
  let reading: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const frame = reading.then(nextFrame);
      reading = frame.catch(() => {});
      return frame;
    },
    async idle() {
      await reading;
    },
  };
}

/** Reads on while the consumer is busy, and keeps the newest frame only. */
function createLatestSource(nextFrame: NextFrame, signal: AbortSignal): FrameSource {
  let newest: Uint8Array | null = null;
  let isOver = false;
  let failure: unknown = null;
  let wake = () => {};

  const pumping = (async () => {
    try {
      for (let frame = await nextFrame(); frame !== null; frame = await nextFrame()) {
        newest = frame;
        wake();
      }
    } catch (error) {
      failure = error;
    }
    isOver = true;
    wake();
  })();

  return {
    async next() {
      while (newest === null && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal.aborted) await pumping;
      const frame = signal.aborted ? null : newest;
      newest = null;
      if (frame === null && failure !== null) throw failure;
      return frame;
    },
    idle: () => pumping,
  };
}
