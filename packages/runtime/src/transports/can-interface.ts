/**
 * What the system says of a CAN interface before and while a link uses it: is it there, is it up, how fast is
 * it, is it off the bus. From sysfs, which is always there, and from `ip`, which knows the bit rate.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { errnoOf, openError, textOf } from "./open-error.js";

export interface CanInterface {
  /** Whether the system calls it up. */
  readonly isUp: boolean;
  /** A virtual one (vcan, vxcan) has no bit rate. */
  readonly isVirtual: boolean;
  /** Bits a second; null where none is set, or where `ip` can't be asked. */
  readonly bitRate: number | null;
  /** Of 100; null like the bit rate. */
  readonly samplePoint: number | null;
  /** `ERROR-ACTIVE`, `BUS-OFF`, …; null like the bit rate. */
  readonly state: string | null;
  /** After how many milliseconds the kernel leaves bus-off by itself; 0: never. */
  readonly restartMs: number;
  /** False where `ip` could not be asked: then the bit rate is not known to be missing. */
  readonly isDetailed: boolean;
}

/** How the system is asked; a model of it takes its place in tests. */
export interface CanSystem {
  /** The text of a file, or null where there is none. */
  readText(path: string): Promise<string | null>;
  /** Runs `ip` with these arguments; what it printed. Rejects with its own words. */
  ip(args: readonly string[]): Promise<string>;
}

/** ARPHRD_CAN, the hardware type of CAN interfaces. */
const CAN_TYPE = 280;
const IFF_UP = 1;
const VIRTUAL_KINDS = new Set(["vcan", "vxcan"]);

/** Whether the system calls the interface up; null where there is no CAN interface of that name. */
export async function isCanUp(system: CanSystem, name: string): Promise<boolean | null> {
  const folder = `/sys/class/net/${name}`;
  const [type, flags] = await Promise.all([
    system.readText(`${folder}/type`),
    system.readText(`${folder}/flags`),
  ]);
  if (type === null || flags === null || Number(type) !== CAN_TYPE) return null;
  return (Number(flags) & IFF_UP) !== 0;
}

/** Null where there is no CAN interface of that name. */
export async function readCanInterface(system: CanSystem, name: string): Promise<CanInterface | null> {
  const isUp = await isCanUp(system, name);
  if (isUp === null) return null;
  const details = await system.ip(["-json", "-details", "link", "show", name]).catch(() => null);
  const info = details === null ? null : parseDetails(details);
  return {
    isUp,
    isVirtual: info === null ? name.startsWith("v") : VIRTUAL_KINDS.has(info.kind),
    bitRate: info?.bitRate ?? null,
    samplePoint: info?.samplePoint ?? null,
    state: info?.state ?? null,
    restartMs: info?.restartMs ?? 0,
    isDetailed: info !== null,
  };
}

interface Details {
  readonly kind: string;
  readonly bitRate: number | null;
  readonly samplePoint: number | null;
  readonly state: string | null;
  readonly restartMs: number;
}

/** The shape of `ip -json -details link show`, of which every part may be missing. */
interface IpLink {
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: {
      readonly state?: string;
      readonly restart_ms?: number;
      readonly bittiming?: { readonly bitrate?: number; readonly sample_point?: string | number };
    };
  };
}

function parseDetails(text: string): Details | null {
  let links: readonly IpLink[];
  try {
    links = JSON.parse(text) as readonly IpLink[];
  } catch {
    return null;
  }
  const info = links[0]?.linkinfo;
  const data = info?.info_data;
  const samplePoint = Number(data?.bittiming?.sample_point);
  return {
    kind: info?.info_kind ?? "",
    bitRate: data?.bittiming?.bitrate ?? null,
    samplePoint: samplePoint > 0 ? samplePoint * 100 : null,
    state: data?.state ?? null,
    restartMs: data?.restart_ms ?? 0,
  };
}

export interface CanTiming {
  readonly bitRate: number;
  /** Of 100. */
  readonly samplePoint: number;
}

/** What a person types to get the interface ready; also what `configure` runs. */
export const timingCommands = (name: string, timing: CanTiming): readonly (readonly string[])[] => [
  ["link", "set", name, "down"],
  [
    "link",
    "set",
    name,
    "type",
    "can",
    "bitrate",
    String(timing.bitRate),
    "sample-point",
    (timing.samplePoint / 100).toFixed(3),
    "restart-ms",
    "100",
  ],
  ["link", "set", name, "up"],
];

export const asTyped = (commands: readonly (readonly string[])[]): string =>
  commands.map((args) => `sudo ip ${args.join(" ")}`).join(" && ");

/** Sets bit rate and sample point and takes the interface up: only root may. */
export async function configureCan(system: CanSystem, name: string, timing: CanTiming): Promise<void> {
  const commands = timingCommands(name, timing);
  for (const args of commands) {
    try {
      await system.ip(args);
    } catch (error) {
      throw openError(
        "link-failure",
        `${name}: bit rate and sample point can't be set (${textOf(error).trim()}); as root: ${asTyped(commands)}`,
        error,
      );
    }
  }
}

export function busOffText(name: string, face: CanInterface): string {
  const cure =
    face.restartMs > 0
      ? `the kernel tries again after ${face.restartMs} ms`
      : `restart it with sudo ip link set ${name} type can restart, or for good with sudo ip link set ${name} type can restart-ms 100`;
  return `is off the bus (bus-off) after too many errors: look at the wiring, the terminators, and that all nodes have one bit rate; ${cure}`;
}

/** iproute2 is not on everyone's path. */
const IP_PATHS = ["ip", "/usr/sbin/ip", "/sbin/ip"];

export const linuxCanSystem: CanSystem = {
  readText: (path) => readFile(path, "utf8").catch(() => null),
  async ip(args) {
    for (const path of IP_PATHS) {
      try {
        return await run(path, args);
      } catch (error) {
        if (errnoOf(error) !== "ENOENT" || path === IP_PATHS.at(-1)) throw error;
      }
    }
    return "";
  },
};

function run(path: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, args, { encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(errnoOf(error) === "ENOENT" ? error : new Error(stderr || error.message, { cause: error }));
    });
  });
}
