/**
 * An I2C or SPI bus between the board's thread and the main one. The board as a device: what it holds out is in
 * shared memory, and the host takes its turn there the moment a transaction comes, so that nobody waits for a message.
 * The board as a master: its transaction goes out as a message, and it sleeps until the answer is in shared memory.
 */

/** The most that one transaction can have. */
export const LARGEST_TRANSFER_BYTES = 4 << 20;

/** How a transaction at the board's device ended, as bits. */
export const READ_ENDED = 1;
export const WRITE_ENDED = 2;

/** Words of the shared block. */
const STATE = 0;
const ADDRESS = 1;
const LENGTH = 2;
const ENDS = 3;
const SELECTED = 4;
const SHIFTED = 5;
const REPLY = 6;
const REPLY_LENGTH = 7;
/** Counts up whenever the board might wake. */
const EVENTS = 8;
const WORDS = 9;

/**
 * Of STATE. The host holds the memory while it is TAKEN. ENDED: a transaction is over, and the script has not seen it
 * yet; the bus is held until then, as by a device that stretches the clock.
 */
const CLOSED = 0;
const TARGET = 1;
const SHIFTING = 2;
const TAKEN = 3;
const ENDED = 4;

/** Of REPLY. */
const PENDING = 0;
const ACKNOWLEDGED = 1;
const REFUSED = 2;

/** Handed to the board's thread as it is. */
export interface BusChannel {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** What the device holds out, and on I2C what is written to it. */
  readonly memory: Uint8Array<SharedArrayBuffer>;
  /** What comes in: shifted on SPI, or as the answer to the board's own transaction. */
  readonly incoming: Uint8Array<SharedArrayBuffer>;
}

/** A transaction of a master: on I2C it sends or receives, on SPI both at once. */
export interface BusTransaction {
  /** On I2C; 0 on SPI. */
  readonly address: number;
  /** What the master sends; null for a read on I2C. */
  readonly sent: Uint8Array | null;
  readonly receivedLength: number;
}

export type BusMessage =
  /** The board began to answer transactions. */
  { readonly kind: "bus-open" } | { readonly kind: "bus-transaction"; readonly transaction: BusTransaction };

export function createBusChannel(): BusChannel {
  return {
    words: new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)),
    // Memory that nobody touches costs nothing.
    memory: new Uint8Array(new SharedArrayBuffer(LARGEST_TRANSFER_BYTES)),
    incoming: new Uint8Array(new SharedArrayBuffer(LARGEST_TRANSFER_BYTES)),
  };
}

/** Answers a transaction of the board: what it receives, or null where nobody acknowledges. */
export type BusDevice = (transaction: BusTransaction) => Promise<Uint8Array | null>;

/** The host's end: what else is on the bus. */
export interface BusHostEnd {
  /**
   * A write to the board's address on I2C; waits up to `holdMs` for it to listen.
   * @returns whether it acknowledged
   */
  write(address: number, data: Uint8Array, holdMs: number): Promise<boolean>;
  /** A read from the board's address on I2C; null: not acknowledged. */
  read(address: number, byteLength: number, holdMs: number): Promise<Uint8Array | null>;
  /** Selects the board on SPI and clocks: what it shifted out, and 0 for what it was not ready for. */
  shift(sent: Uint8Array, holdMs: number): Promise<Uint8Array>;
  /** To be called with each message of the board. */
  receive(message: BusMessage): void;
}

/** `device` answers the board's own transactions, where its script is a master. */
export function createBusHostEnd(channel: BusChannel, device: BusDevice): BusHostEnd {
  const { words, memory, incoming } = channel;
  let waiting: (() => void)[] = [];

  /** Holds the board's device for this turn; false if it did not come in time. */
  const take = async (state: number, holdMs: number): Promise<boolean> => {
    const until = performance.now() + holdMs;
    for (;;) {
      if (Atomics.compareExchange(words, STATE, state, TAKEN) === state) return true;
      const leftMs = until - performance.now();
      if (leftMs <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  };
  const giveBack = (state: number): void => {
    Atomics.store(words, STATE, state);
    Atomics.notify(words, STATE);
    wake(words);
  };
  const addressed = async (address: number, holdMs: number): Promise<boolean> => {
    if (!(await take(TARGET, holdMs))) return false;
    if (Atomics.load(words, ADDRESS) === address) return true;
    giveBack(TARGET);
    return false;
  };

  return {
    async write(address, data, holdMs) {
      if (!(await addressed(address, holdMs))) return false;
      const length = Atomics.load(words, LENGTH);
      // As the ports do it: what is too long begins again at the start of the memory.
      for (let at = 0; at < data.length; at += length) memory.set(data.subarray(at, at + length), 0);
      if (data.length > 0) Atomics.or(words, ENDS, WRITE_ENDED);
      giveBack(data.length > 0 ? ENDED : TARGET);
      return true;
    },
    async read(address, byteLength, holdMs) {
      if (!(await addressed(address, holdMs))) return null;
      const length = Atomics.load(words, LENGTH);
      const data = Uint8Array.from({ length: byteLength }, (_, at) => memory[at % length] ?? 0);
      Atomics.or(words, ENDS, READ_ENDED);
      giveBack(ENDED);
      return data;
    },
    async shift(sent, holdMs) {
      Atomics.store(words, SELECTED, 1);
      wake(words);
      const received = new Uint8Array(sent.length);
      if (await take(SHIFTING, holdMs)) {
        const position = Atomics.load(words, SHIFTED);
        const length = Atomics.load(words, LENGTH);
        const count = Math.min(sent.length, length - position);
        received.set(memory.subarray(position, position + count));
        incoming.set(sent.subarray(0, count), position);
        Atomics.store(words, SHIFTED, position + count);
        Atomics.store(words, SELECTED, 0);
        // One that is complete takes no part in the next.
        giveBack(position + count === length ? ENDED : SHIFTING);
      }
      Atomics.store(words, SELECTED, 0);
      return received;
    },
    receive(message) {
      if (message.kind === "bus-open") {
        const woken = waiting;
        waiting = [];
        for (const resolve of woken) resolve();
        return;
      }
      void device(message.transaction).then(
        (answer) => reply(channel, answer),
        () => reply(channel, null),
      );
    },
  };
}

function reply({ words, incoming }: BusChannel, answer: Uint8Array | null): void {
  if (answer !== null) incoming.set(answer.subarray(0, LARGEST_TRANSFER_BYTES));
  Atomics.store(words, REPLY_LENGTH, Math.min(answer?.length ?? 0, LARGEST_TRANSFER_BYTES));
  Atomics.store(words, REPLY, answer === null ? REFUSED : ACKNOWLEDGED);
  Atomics.notify(words, REPLY);
}

function wake(words: Int32Array): void {
  Atomics.add(words, EVENTS, 1);
  Atomics.notify(words, EVENTS);
}

/** The board's end. Its waits block the thread. */
export interface BusBoardEnd {
  /** Answers transactions at `address` out of and into `memory` from now on. */
  openTarget(address: number, memory: Uint8Array): void;
  /** How transactions ended since the last call, as bits; what was written goes into `memory`. */
  takeEnds(memory: Uint8Array): number;
  /** Answers transactions again, once the script has seen how the last one ended. */
  answerAgain(): void;
  closeTarget(): void;
  /** Waits up to `timeoutMs` until something happens at the device; it may return sooner. */
  wait(timeoutMs: number): void;
  /** Is the board selected on SPI? Waits up to `timeoutMs` for it. */
  waitForSelect(timeoutMs: number): boolean;
  /** Shifts out and in as the master clocks; how many bytes it clocked in time. */
  shift(out: Uint8Array, into: Uint8Array, timeoutMs: number): number;
  /** A transaction as master: what was received; null where nobody acknowledged. */
  transact(transaction: BusTransaction): Uint8Array | null;
}

export function createBusBoardEnd(
  { words, memory, incoming }: BusChannel,
  post: (message: BusMessage) => void,
): BusBoardEnd {
  const open = (state: number, bytes: Uint8Array): void => {
    if (bytes.length > LARGEST_TRANSFER_BYTES) throw new RangeError("a transfer of more than 4 MiB");
    memory.set(bytes);
    Atomics.store(words, LENGTH, bytes.length);
    Atomics.store(words, STATE, state);
    post({ kind: "bus-open" });
  };
  /** The host may be in the middle of its turn. */
  const close = (): void => {
    for (;;) {
      const state = Atomics.load(words, STATE);
      if (state === TAKEN) Atomics.wait(words, STATE, TAKEN);
      else if (Atomics.compareExchange(words, STATE, state, CLOSED) === state) return;
    }
  };
  const waitUntil = (isThere: () => boolean, timeoutMs: number): boolean => {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const seen = Atomics.load(words, EVENTS);
      if (isThere()) return true;
      const leftMs = until - performance.now();
      if (leftMs <= 0) return false;
      Atomics.wait(words, EVENTS, seen, leftMs);
    }
  };

  return {
    openTarget(address, bytes) {
      Atomics.store(words, ADDRESS, address);
      Atomics.store(words, ENDS, 0);
      open(TARGET, bytes);
    },
    takeEnds(into) {
      const ends = Atomics.exchange(words, ENDS, 0);
      if ((ends & WRITE_ENDED) !== 0) into.set(memory.subarray(0, into.length));
      return ends;
    },
    answerAgain() {
      if (Atomics.compareExchange(words, STATE, ENDED, TARGET) === ENDED) post({ kind: "bus-open" });
    },
    closeTarget: close,
    wait(timeoutMs) {
      waitUntil(() => Atomics.load(words, ENDS) !== 0, timeoutMs);
    },
    waitForSelect: (timeoutMs) => waitUntil(() => Atomics.load(words, SELECTED) === 1, timeoutMs),
    shift(out, into, timeoutMs) {
      Atomics.store(words, SHIFTED, 0);
      open(SHIFTING, out);
      waitUntil(() => Atomics.load(words, SHIFTED) >= out.length, timeoutMs);
      close();
      const count = Atomics.load(words, SHIFTED);
      into.set(incoming.subarray(0, Math.min(count, into.length)));
      return count;
    },
    transact(transaction) {
      Atomics.store(words, REPLY, PENDING);
      post({ kind: "bus-transaction", transaction });
      Atomics.wait(words, REPLY, PENDING);
      if (Atomics.load(words, REPLY) === REFUSED) return null;
      return incoming.slice(0, Atomics.load(words, REPLY_LENGTH));
    },
  };
}
