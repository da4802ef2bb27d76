/** The calling side: one call at a time over one link, in the order in which they were asked for. */
import { systemClock } from "../clock.js";
import type { Link } from "../link/link.js";
import { createPushbackLink } from "../link/pushback-link.js";
import { hashName } from "../packet/hash-name.js";
import { DATA_ACK, HEADER_ACK, RESULT_HEADER, resultData } from "./call-packets.js";
import { type CallScope, createCallScope } from "./call-scope.js";
import type { Command } from "./command.js";
import { runCall } from "./exchange.js";
import { fill } from "./fill.js";
import { createFrameReader } from "./frame-reader.js";
import { writeFrames } from "./frame-writer.js";
import { createLine, type Line } from "./line.js";
import { createMasterStream, type OpenStream } from "./master-stream.js";
import { createPacketScanner } from "./packet-scanner.js";
import { createPatience } from "./patience.js";
import { repeatOverBreaks } from "./repeat-over-breaks.js";
import { createScopedLink } from "./scoped-link.js";
import { createTally } from "./tally.js";
import { createTurns } from "./turns.js";
import type { CallOptions, Frames, Master, MasterOptions, StreamOptions, Target } from "./types.js";

const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const DEFAULT_PEER_RECEIVE_BYTES = 64;
const DEFAULT_PEER_HOLD_MS = 1000;
const DEFAULT_QUEUE_DEPTH = 1;

/** A master on `link`. The link is the master's from here on, and is closed with it. */
export function createMaster(link: Link, options: MasterOptions = {}): Master {
  const clock = options.clock ?? systemClock;
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const pushback = createPushbackLink(link);
  const scanner = createPacketScanner(pushback, clock);
  const tally = createTally();
  const turns = createTurns(clock);
  let line = meetLine();

  /** Nothing is known of the line yet: of a link that changed the way in which it speaks neither. */
  function meetLine(): Line {
    const patience = createPatience({
      shape: mustStep(link) ? "stepwise" : (options.shape ?? "learned"),
      peerReceiveBytes: options.peerReceiveBytes ?? DEFAULT_PEER_RECEIVE_BYTES,
      peerHoldMs: options.peerHoldMs ?? DEFAULT_PEER_HOLD_MS,
      bytesPerMs: link.traits.bytesPerMs ?? null,
    });
    return createLine({ link: pushback, scanner, clock, patience, tally, maxMessageBytes });
  }

  async function beBetweenCalls(scope: CallScope): Promise<void> {
    if (link.betweenCalls === undefined) return;
    await link.betweenCalls(scope.deadline - clock.now(), scope.signal).catch((error: unknown) => {
      throw scope.wrap(error);
    });
    if (!line.isOf(link.traits)) line = meetLine();
  }

  /** Waits for its turn and makes the call; whoever gets the answer has the line until `endTurn`. */
  async function begin(
    target: Target,
    argument: Uint8Array,
    callOptions: CallOptions | undefined,
    isFollowed: boolean,
  ) {
    const scope = createCallScope(target, callOptions, clock);
    const id = idOf(target, scope);
    const endTurn = await turns.take(scope);
    try {
      tally.calls += 1;
      const isRepeatable = callOptions?.repeatable ?? false;
      const command: Command = { id, argument, isFollowed, isRepeatable };
      const speak = async () => {
        await beBetweenCalls(scope);
        return runCall(line, scope, command);
      };
      const answer = await (isRepeatable ? repeatOverBreaks(link, clock, scope, speak) : speak());
      tally.answered += 1;
      return { scope, answer, endTurn };
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  /** What follows a call on the same line. Where it fails, the two sides are no longer in step. */
  async function follow<T>(scope: CallScope, endTurn: () => void, body: () => Promise<T>): Promise<T> {
    scope.executed = "yes";
    try {
      return await body();
    } catch (error) {
      line.state = "unsettled";
      throw scope.wrap(error);
    } finally {
      endTurn();
    }
  }

  async function openReader(
    target: Target,
    argument: Uint8Array,
    streamOptions: StreamOptions | undefined,
    signal: AbortSignal,
  ): Promise<OpenStream> {
    const { scope, answer, endTurn } = await begin(target, argument, { ...streamOptions, signal }, true);
    scope.phase = "stream";
    scope.executed = "yes";
    const reader = createFrameReader({
      link: pushback,
      scanner,
      clock,
      queueDepth: streamOptions?.queueDepth ?? DEFAULT_QUEUE_DEPTH,
      frameTimeoutMs: scope.recvTimeoutMs,
      maxMessageBytes,
      leftOver: [HEADER_ACK, DATA_ACK, RESULT_HEADER, resultData(answer.length)],
      signal,
    });
    const opened: OpenStream = {
      answer,
      nextFrame: () => reader.next().catch((error: unknown) => Promise.reject(scope.wrap(error))),
      async end(isInStep) {
        if (!isInStep) {
          line.state = "unsettled";
          await reader.stop().catch(() => {});
        }
        endTurn();
      },
    };
    try {
      await reader.open();
    } catch (error) {
      await opened.end(false);
      throw scope.wrap(error);
    }
    return opened;
  }

  const master: Master = {
    link,
    get stats() {
      const { calls, answered, tries, bytesSent, bytesReceived } = tally;
      const { shape, roundTripMs } = line.patience;
      return { calls, answered, tries: { ...tries }, shape, roundTripMs, bytesSent, bytesReceived };
    },
    on: (_event, listener) => tally.listen(listener),
    async call(target, argument, callOptions) {
      const { answer, endTurn } = await begin(target, argument, callOptions, false);
      endTurn();
      return answer;
    },
    openStream(target, argument, streamOptions) {
      return createMasterStream({
        open: (signal) => openReader(target, argument, streamOptions, signal),
        latestOnly: streamOptions?.latestOnly ?? false,
        signal: streamOptions?.signal,
      });
    },
    async sendStream(target, argument, frames, streamOptions) {
      const { scope, answer, endTurn } = await begin(target, argument, streamOptions, true);
      let source: Frames;
      try {
        source = typeof frames === "function" ? frames(answer) : frames;
      } catch (refusal) {
        // Nothing was opened: the line is as it was after the call.
        endTurn();
        throw refusal;
      }
      scope.phase = "stream";
      return follow(scope, endTurn, async () => {
        const { signal, recvTimeoutMs: creditTimeoutMs } = scope;
        const ended = await writeFrames(source, {
          link: pushback,
          scanner,
          creditTimeoutMs,
          endMark: true,
          signal,
        });
        if (ended === "stopped") throw scope.error("stream-broken", "the reader stopped the stream");
        return answer;
      });
    },
    async readBulk(target, argument, byteLength, callOptions) {
      const { scope, answer, endTurn } = await begin(target, argument, callOptions, true);
      scope.phase = "cut-through";
      return follow(scope, endTurn, async () => {
        const size = typeof byteLength === "function" ? byteLength(answer) : byteLength;
        if (size > maxMessageBytes) {
          throw scope.error("too-large", `${size} bytes of bulk; at most ${maxMessageBytes} are accepted`);
        }
        const data = new Uint8Array(size);
        const { deadline, signal, recvTimeoutMs: gapMs } = scope;
        const filled = await fill(pushback, clock, data, { gapMs, deadline, signal });
        if (filled === size) return { answer, data };
        scope.check();
        const came = filled + pushback.available;
        throw scope.error("timeout", `${came} of ${size} bytes of bulk came, then nothing for ${gapMs} ms`);
      });
    },
    async cutThrough(target, argument, body, callOptions) {
      const { scope, answer, endTurn } = await begin(target, argument, callOptions, true);
      scope.phase = "cut-through";
      return follow(scope, endTurn, () => body(createScopedLink(pushback, scope, clock), answer));
    },
    async close() {
      turns.close();
      await link.close();
    },
    [Symbol.asyncDispose]: () => master.close(),
  };
  return master;
}

/** What may overtake or be asked for only whole leaves nothing to be sent ahead. */
function mustStep({ traits }: Link): boolean {
  return traits.framing === "exact" || traits.keepsOrder === false;
}

function idOf(target: Target, scope: CallScope): number {
  if (typeof target === "number") return target >>> 0;
  try {
    return hashName(target);
  } catch (error) {
    scope.phase = "encode";
    throw scope.error("bad-argument", "a wire name must be ASCII", error);
  }
}
