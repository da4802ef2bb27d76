/**
 * One call on the slave: its handler runs, its result is held until the master has fetched it, then what
 * the handler scheduled runs. The slave drives it; this knows neither packets nor the link.
 */
import type { Link } from "../link/link.js";
import type { CallContext, Handler } from "./types.js";

export interface Command {
  readonly id: number;
  readonly argument: Uint8Array;
}

export interface Registration {
  readonly name: string;
  readonly handler: Handler;
}

export type ScheduledCallback = (link: Link) => void | Promise<void>;

export interface ServedCall {
  readonly name: string;
  readonly context: CallContext;
  readonly scheduled: readonly ScheduledCallback[];
  /** `running`, then `held` with a result, or `silent`: it is over and has no answer. */
  readonly state: "running" | "held" | "silent";
  readonly result: Uint8Array;
  /** When it stopped running, on the clock's scale. */
  readonly finishedAt: number;
  /** Whether the result's header was given out: someone has asked, so a repeated command is a new one. */
  headerGiven: boolean;
  /** Whether a header with this id and size may begin the same command once more. */
  mayBeRepeatedBy(id: number, size: number): boolean;
  /** Whether this is the same command once more. */
  isRepeatedBy(command: Command): boolean;
}

export interface ServedCallOptions {
  readonly command: Command;
  /** Null: nobody registered the id, and the answer is empty. */
  readonly registration: Registration | null;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onError: (error: unknown, wireName: string) => void;
  /** Called when the handler is done, unless it was done at once. */
  readonly onFinished: (call: ServedCall) => void;
}

const EMPTY = new Uint8Array(0);

/** Starts the handler. What it throws is reported and leaves the call without an answer. */
export function startCall(options: ServedCallOptions): ServedCall {
  const { command, registration, signal, now, onError } = options;
  const name = registration?.name ?? `0x${command.id.toString(16).padStart(8, "0")}`;
  const size = command.argument.length;
  const fingerprint = fingerprintOf(command);
  const scheduled: ScheduledCallback[] = [];
  const call = {
    name,
    context: {
      signal,
      schedule: (callback: ScheduledCallback) => void scheduled.push(callback),
      report: (error: unknown) => onError(error, name),
    },
    scheduled,
    state: "running" as ServedCall["state"],
    result: EMPTY as Uint8Array,
    finishedAt: 0,
    headerGiven: false,
    mayBeRepeatedBy: (otherId: number, otherSize: number) => otherId === command.id && otherSize === size,
    isRepeatedBy: (other: Command) =>
      other.id === command.id && other.argument.length === size && fingerprintOf(other) === fingerprint,
  };

  function finish(result: Uint8Array | null): void {
    call.state = result === null ? "silent" : "held";
    call.result = result ?? EMPTY;
    call.finishedAt = now();
  }

  function fail(error: unknown): void {
    onError(error, name);
    finish(null);
  }

  try {
    const outcome = registration === null ? EMPTY : registration.handler(command.argument, call.context);
    if (outcome === null || outcome instanceof Uint8Array) finish(outcome);
    else void outcome.then(finish, fail).then(() => options.onFinished(call));
  } catch (error) {
    fail(error);
  }
  return call;
}

/**
 * What tells two commands apart. A handler may keep and change its argument, so the bytes themselves
 * can't be compared later; two different sums over them make a mistake as unlikely as a damaged packet.
 */
function fingerprintOf({ argument }: Command): string {
  let sum = 0;
  let mixed = 0;
  for (const byte of argument) {
    sum = (Math.imul(sum, 31) + byte) | 0;
    mixed = (Math.imul(mixed, 33) ^ byte) | 0;
  }
  return `${sum}:${mixed}`;
}
