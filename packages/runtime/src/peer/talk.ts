/** What one paced call carries: its packets, its plan, what was heard, and the two moves: write, and listen. */
import { lengthOfPieces } from "../link/put-pieces.js";
import { encodePieces, Magic } from "../packet/packet.js";
import type { CallScope } from "./call-scope.js";
import { type Command, headerOf } from "./command.js";
import { createHeard, type Heard } from "./heard.js";
import type { Line, OutgoingPacket } from "./line.js";
import type { Plan } from "./patience.js";

export interface Talk {
  readonly line: Line;
  readonly scope: CallScope;
  readonly command: Command;
  readonly header: Uint8Array;
  readonly data: OutgoingPacket;
  /** Of the data packet. */
  readonly dataBytes: number;
  readonly commandBytes: number;
  readonly plan: Plan;
  readonly heard: Heard;
  readonly startedAt: number;
  /**
   * Until when a command may go out. What commands took on the wire does not count, nor what was before a proof that
   * none of them was run: it shows a slave that listens.
   */
  readonly until: number;
  /** None of the commands was run, and the slave is there: its time begins anew, so often. */
  noteProof(): void;
  /** When all that was written is through the wire, where its speed is known. */
  readonly wireFreeAt: number;
  /** Nothing that is heard from here on measures the line. */
  isMeasured: boolean;
  /** When commands went out since the call began, and requests. */
  readonly commandsSentAt: number[];
  readonly requestsSentAt: number[];
  /** A pair of requests goes out. */
  noteRequest(): void;
  /** None of the commands was run: what was heard of them, and what was asked for, says nothing of the next. */
  forgetCommand(): void;
  /** Where headers are counted: the place of the last command's, and of the last one before the first request. */
  commandPlace: number;
  readonly placeBeforeRequests: number;
  /** When the whole data was first through the wire, so that it may have run; null while it was not. */
  dataSentAt: number | null;
  /** Since when a slave may have run the command and hold its result, deaf to whatever comes; 0 if it can't have. */
  readonly sinceDataMs: number;
  /** A whole round went unheard. */
  isSilentAtFirst: boolean;
  /** From the end of the command to the first request, both at the slave. */
  keptPauseMs: number;
  put(packets: readonly OutgoingPacket[]): Promise<void>;
  /** Hears what comes until the time `at`; true as soon as `isEnough` says so. */
  listen(at: number, isEnough: () => boolean): Promise<boolean>;
  /** Tells listeners that a packet has to go out again; attempt 0 is the first try. */
  tellRetry(phase: "command" | "result", attempt: number): void;
  /** Whether something came on this call that only a bad line explains. */
  readonly isFaulty: boolean;
}

export interface TalkOptions {
  readonly line: Line;
  readonly scope: CallScope;
  readonly command: Command;
  readonly until: number;
  /** Lone headers went before: an acknowledgement may answer one of them, so it measures nothing. */
  readonly hasKnocked: boolean;
}

/** A slave that listens and hears none of so many commands will never hear one. */
const MOST_PROOFS = 16;

export function createTalk({ line, scope, command, until, hasKnocked }: TalkOptions): Talk {
  const { clock, patience, tally } = line;
  const header = headerOf(command);
  const data = encodePieces(Magic.COMMAND_DATA, command.argument);
  const dataBytes = lengthOfPieces(data);
  const commandBytes = header.length + dataBytes;
  const commandOnWireMs = patience.onWireMs(commandBytes);
  const startedAt = clock.now();
  const skippedBefore = line.skippedBytes;
  const heard = createHeard(line.maxMessageBytes);
  let wireFreeAt = startedAt;
  let proofs = 0;
  let renewedMs = 0;
  let placeBeforeRequests = 0;
  const commandsOnWireMs = () => talk.commandsSentAt.length * commandOnWireMs;
  const talk: Talk = {
    line,
    scope,
    command,
    header,
    data,
    dataBytes,
    commandBytes,
    plan: patience.plan({ ...command, commandBytes }),
    heard,
    startedAt,
    get until() {
      return Math.min(until + renewedMs + commandsOnWireMs(), scope.deadline);
    },
    get wireFreeAt() {
      return wireFreeAt;
    },
    noteProof() {
      proofs += 1;
      if (proofs <= MOST_PROOFS) renewedMs = clock.now() - startedAt - commandsOnWireMs();
    },
    isMeasured: hasKnocked,
    dataSentAt: null,
    commandsSentAt: [],
    requestsSentAt: [],
    noteRequest() {
      if (talk.requestsSentAt.length === 0) placeBeforeRequests = line.ledger?.last ?? 0;
      talk.requestsSentAt.push(clock.now());
    },
    forgetCommand() {
      talk.dataSentAt = null;
      // What was asked for before it was run says nothing of its function.
      talk.requestsSentAt.length = 0;
      talk.isSilentAtFirst = true;
      heard.forget();
    },
    commandPlace: 0,
    get placeBeforeRequests() {
      return placeBeforeRequests;
    },
    get sinceDataMs() {
      const now = clock.now();
      return now - (talk.dataSentAt ?? now);
    },
    isSilentAtFirst: false,
    keptPauseMs: 0,
    async put(packets) {
      const bytes = lengthOfPieces(packets.flat());
      wireFreeAt = Math.max(wireFreeAt, clock.now()) + patience.onWireMs(bytes);
      await line.put(packets, scope);
    },
    async listen(at, isEnough) {
      while (!isEnough()) {
        const packet = await line.await(heard.expected(), scope, Math.max(0, at - clock.now()));
        if (packet === null) return false;
        heard.take(packet, clock.now());
      }
      return true;
    },
    tellRetry(phase, attempt) {
      if (attempt === 0 || !tally.hasListeners) return;
      const elapsedMs = clock.now() - startedAt;
      tally.tellRetry({ name: scope.name, phase, attempt, shape: talk.plan.shape, elapsedMs });
    },
    get isFaulty() {
      return heard.isFaulty || line.skippedBytes !== skippedBefore;
    },
  };
  return talk;
}
