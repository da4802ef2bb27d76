/**
 * A link over CAN: one 11-bit id for both directions, data frames of 8 bytes with the last one shorter. What
 * is received is a stream of bytes; what is written in one go is cut into frames of its own. The `socketcan`
 * package holds the socket and is loaded when a link is opened; the kernel filters for the one id.
 */
import { type Clock, systemClock } from "../clock.js";
import type { Link } from "../link/link.js";
import { type CanChannel, type CanPackage, loadSocketcan } from "./can-channel.js";
import {
  asTyped,
  busOffText,
  type CanInterface,
  type CanSystem,
  type CanTiming,
  configureCan,
  linuxCanSystem,
  readCanInterface,
  timingCommands,
} from "./can-interface.js";
import { createCanLink } from "./can-link.js";
import { checkAborted, openError } from "./open-error.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface CanOptions {
  /** `can0`, `vcan0`, … */
  readonly interface: string;
  /** The 11-bit id of both directions; 0x7FF by default, as in the camera's library. */
  readonly messageId?: number;
  /** What the interface must run at, in bits a second; 250,000 by default. */
  readonly bitRate?: number;
  /** Of 100; 75 by default. It is checked only where it is named. */
  readonly samplePoint?: number;
  /** Sets bit rate and sample point and takes the interface up first, which only root may; false by default. */
  readonly configure?: boolean;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** What may take the place of the package, of the system and of the host's clock. */
export interface CanSurroundings {
  readonly load?: () => Promise<CanPackage>;
  readonly system?: CanSystem;
  readonly clock?: Clock;
}

const DEFAULT_MESSAGE_ID = 0x7ff;
const HIGHEST_MESSAGE_ID = 0x7ff;
const DEFAULT_BIT_RATE = 250_000;
/** Of CAN as it was first, with frames of 8 bytes. */
const HIGHEST_BIT_RATE = 1_000_000;
const DEFAULT_SAMPLE_POINT = 75;
/** Controllers hit a sample point by whole time quanta. */
const SAMPLE_POINT_TOLERANCE = 5;

/**
 * Opens a socket on the interface. Rejects with an `RpcError` of phase `open`: `missing-package` without
 * `socketcan`; `link-failure` where the interface is not there, is down, has no bit rate or another one, or
 * is off the bus, with the command that mends it; `bad-argument` for an id beyond 11 bits and for a bit rate or
 * sample point that can't be.
 */
export function openCan(options: CanOptions, surroundings: CanSurroundings = {}): Promise<Link> {
  const { clock = systemClock, load = loadSocketcan, system = linuxCanSystem } = surroundings;
  return withReconnect(
    async ({ signal, lost }) => {
      const { messageId = DEFAULT_MESSAGE_ID } = options;
      checkCanOptions(options, messageId);
      checkAborted(signal);
      const can = await load();
      const face = await readyInterface(options, system);
      checkAborted(signal);
      const channel = createChannel(can, options.interface);
      return createCanLink(channel, { name: options.interface, messageId, face }, { clock, system, lost });
    },
    options,
    clock,
  );
}

/** @throws RpcError `bad-argument` */
function checkCanOptions({ bitRate = 1, samplePoint = 1 }: CanOptions, messageId: number): void {
  if (!Number.isInteger(messageId) || messageId < 0 || messageId > HIGHEST_MESSAGE_ID) {
    throw openError("bad-argument", `a CAN id here has 11 bits, 0 to 0x7FF; ${messageId} has not`);
  }
  if (!Number.isInteger(bitRate) || bitRate < 1 || bitRate > HIGHEST_BIT_RATE) {
    throw openError("bad-argument", `a CAN bit rate is a whole number up to 1,000,000, not ${bitRate}`);
  }
  if (!(samplePoint >= 1 && samplePoint < 100)) {
    throw openError("bad-argument", `a CAN sample point is a percentage, such as 75, not ${samplePoint}`);
  }
}

/** The interface as it is once it may be used; throws what keeps it from being used, and what mends it. */
async function readyInterface(options: CanOptions, system: CanSystem): Promise<CanInterface> {
  const { interface: name, configure = false } = options;
  const timing: CanTiming = {
    bitRate: options.bitRate ?? DEFAULT_BIT_RATE,
    samplePoint: options.samplePoint ?? DEFAULT_SAMPLE_POINT,
  };
  let face = await readCanInterface(system, name);
  if (face !== null && configure && !face.isVirtual && !fits(face, options, timing)) {
    await configureCan(system, name, timing);
    face = await readCanInterface(system, name);
  }
  if (face === null) {
    throw openError(
      "link-failure",
      `${name}: there is no such CAN interface; ip link show type can lists them`,
    );
  }
  const misfit = misfitOf(face, options, timing);
  if (misfit !== null) throw openError("link-failure", `${name} ${misfit}`);
  return face;
}

const fits = (face: CanInterface, options: CanOptions, timing: CanTiming): boolean =>
  misfitOf(face, options, timing) === null;

function misfitOf(face: CanInterface, options: CanOptions, timing: CanTiming): string | null {
  const { interface: name } = options;
  const all = asTyped(timingCommands(name, timing));
  if (face.isVirtual) return face.isUp ? null : `is down: sudo ip link set ${name} up`;
  if (face.isDetailed && face.bitRate === null) return `has no bit rate: ${all}`;
  if (!face.isUp) return `is down: ${face.isDetailed ? `sudo ip link set ${name} up` : all}`;
  if (face.state === "BUS-OFF") return busOffText(name, face);
  if (face.bitRate !== null && face.bitRate !== timing.bitRate) {
    return `runs at ${face.bitRate} bit/s, not at ${timing.bitRate}: ${all}, or name its own rate as bitRate`;
  }
  const offBy = Math.abs((face.samplePoint ?? timing.samplePoint) - timing.samplePoint);
  if (options.samplePoint !== undefined && offBy > SAMPLE_POINT_TOLERANCE) {
    return `samples at ${face.samplePoint} %, not at ${timing.samplePoint} %: ${all}`;
  }
  return null;
}

function createChannel(can: CanPackage, name: string): CanChannel {
  try {
    return can.createRawChannelWithOptions(name, { timestamps: false, non_block_send: true });
  } catch (cause) {
    throw openError("link-failure", `${name}: the system gives no CAN socket on it`, cause);
  }
}
