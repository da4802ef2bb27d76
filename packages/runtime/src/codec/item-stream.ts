/** The frames of a stream as items; judges the call's answer before the first one. */
import type { Stream } from "../peer/types.js";

export class ItemStream<T, H> implements Stream<T, H> {
  readonly #frames: Stream<Uint8Array, Uint8Array>;
  readonly #decodeAnswer: (answer: Uint8Array) => H;
  readonly #decodeItem: (frame: Uint8Array) => T;

  constructor(
    frames: Stream<Uint8Array, Uint8Array>,
    decodeAnswer: (answer: Uint8Array) => H,
    decodeItem: (frame: Uint8Array) => T,
  ) {
    this.#frames = frames;
    this.#decodeAnswer = decodeAnswer;
    this.#decodeItem = decodeItem;
  }

  get header(): Promise<H> {
    return this.#judge();
  }

  /** A refused call has no stream: ending it gives the link back to other calls. */
  async #judge(): Promise<H> {
    const answer = await this.#frames.header;
    try {
      return this.#decodeAnswer(answer);
    } catch (error) {
      await this.#frames[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    const frames = this.#frames[Symbol.asyncIterator]();
    const end = async (): Promise<IteratorResult<T>> => {
      await frames.return?.();
      return { done: true, value: undefined };
    };
    let judged = false;
    return {
      next: async () => {
        try {
          if (!judged) await this.#judge();
          judged = true;
          const frame = await frames.next();
          return frame.done === true ? frame : { done: false, value: this.#decodeItem(frame.value) };
        } catch (error) {
          await end();
          throw error;
        }
      },
      return: end,
    };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#frames[Symbol.asyncDispose]();
  }
}
