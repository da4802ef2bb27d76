/**
 * A model of a CAN bus as the `socketcan` package shows it: sockets on interfaces, kernel filters, a transmit
 * queue that fills up, error frames, interfaces that go down and away. It answers for the system as well.
 * What is sent arrives in a later turn, as from the package's thread.
 */
import type { CanChannel, CanMessage, CanPackage } from "../../src/transports/can-channel.js";
import type { CanSystem } from "../../src/transports/can-interface.js";
import { type CanFilters, passes, readInterfaceFile, SENT_BYTES } from "./can-socket.js";

export interface CanBusModel {
  readonly package: CanPackage;
  readonly system: CanSystem;
  /** Every frame that was on the bus. */
  readonly frames: CanMessage[];
  /** What `ip` was asked to do. */
  readonly commands: string[];
  /** The interface as the system has it; null: not there. */
  face: FaceModel | null;
  /** How many frames the transmit queue takes; none are sent while the bus is `stuck`. */
  queueLength: number;
  stuck: boolean;
  /** How many sockets a data frame with this id goes to, running or not. */
  heardBy(id: number): number;
  /** Puts a frame on the bus that no socket here has sent. */
  inject(message: CanMessage): void;
  /** Takes the interface down (or away), and tells the sockets, or loses that word as the package may. */
  goDown(how: "down" | "gone", isTold?: boolean): void;
}

export interface FaceModel {
  isUp: boolean;
  kind: "can" | "vcan";
  bitRate: number | null;
  samplePoint: number;
  state: string;
  restartMs: number;
}

interface Socket extends CanFilters {
  readonly listeners: ((message: CanMessage) => void)[];
  readonly stopListeners: (() => void)[];
  isRunning: boolean;
  hasRun: boolean;
}

export function createCanBus(face: Partial<FaceModel> = {}): CanBusModel {
  const sockets: Socket[] = [];
  let queued = 0;
  const bus: CanBusModel = {
    face: {
      isUp: true,
      kind: "can",
      bitRate: 250_000,
      samplePoint: 0.75,
      state: "ERROR-ACTIVE",
      restartMs: 0,
      ...face,
    },
    frames: [],
    commands: [],
    queueLength: 1000,
    stuck: false,
    package: { createRawChannelWithOptions: openSocket },
    system: {
      readText: async (path) => {
        const { face } = bus;
        return face === null ? null : readInterfaceFile(path, face.isUp);
      },
      ip,
    },
    heardBy: (id) => sockets.filter((socket) => passes({ id, data: new Uint8Array(0) }, socket)).length,
    inject: (message) => deliver(message, null),
    goDown(how, isTold = true) {
      if (how === "gone") bus.face = null;
      else if (bus.face !== null) bus.face.isUp = false;
      if (!isTold) return;
      for (const socket of sockets) {
        if (socket.isRunning) stop(socket);
      }
    },
  };
  return bus;

  async function ip(args: readonly string[]): Promise<string> {
    const { face } = bus;
    if (face === null) throw new Error('Device "can0" does not exist.');
    if (args.includes("show")) return describeFace(face);
    bus.commands.push(args.join(" "));
    if (args.includes("down")) face.isUp = false;
    else if (args.includes("up")) face.isUp = true;
    else {
      if (face.isUp) throw new Error("RTNETLINK answers: Device or resource busy");
      face.bitRate = Number(args[args.indexOf("bitrate") + 1]);
      face.samplePoint = Number(args[args.indexOf("sample-point") + 1]);
      face.restartMs = Number(args[args.indexOf("restart-ms") + 1]);
    }
    return "";
  }

  function openSocket(name: string): CanChannel {
    if (bus.face === null || name !== "can0") throw new Error("Error while creating channel");
    const socket: Socket = {
      listeners: [],
      stopListeners: [],
      filter: { id: 0, mask: 0 },
      errorMask: 0x1fff_ffff,
      isRunning: false,
      hasRun: false,
    };
    sockets.push(socket);
    const channel: CanChannel = {
      addListener(event: string, listener: (message: CanMessage) => void) {
        if (event === "onMessage") socket.listeners.push(listener);
        else socket.stopListeners.push(listener as () => void);
      },
      start() {
        if (socket.hasRun) throw new Error("started a second time");
        socket.isRunning = true;
        socket.hasRun = true;
      },
      stop() {
        if (!socket.isRunning) throw new Error("Channel not started");
        stop(socket);
      },
      send: (message) => send(message, socket),
      setRxFilters(filter) {
        socket.filter = filter;
      },
      setErrorFilters(mask) {
        socket.errorMask = mask;
      },
    };
    return channel;
  }

  function stop(socket: Socket): void {
    socket.isRunning = false;
    for (const listener of socket.stopListeners) listener();
  }

  function send(message: CanMessage, from: Socket): number {
    if (message.data.length > 8) throw new Error("the package would write past a frame's end");
    if (bus.face?.isUp !== true || queued >= bus.queueLength) return -1;
    const copy = { ...message, data: Buffer.from(message.data) };
    queued += 1;
    if (bus.stuck) return SENT_BYTES;
    setImmediate(() => {
      queued -= 1;
      deliver(copy, from);
    });
    return SENT_BYTES;
  }

  function deliver(message: CanMessage, from: Socket | null): void {
    if (message.err !== true) bus.frames.push(message);
    for (const socket of sockets) {
      if (socket === from || !socket.isRunning || !passes(message, socket)) continue;
      for (const listener of socket.listeners) listener(message);
    }
  }
}

export function describeFace(face: FaceModel): string {
  const bittiming =
    face.bitRate === null
      ? {}
      : { bittiming: { bitrate: face.bitRate, sample_point: face.samplePoint.toFixed(3) } };
  return JSON.stringify([
    {
      ifname: "can0",
      linkinfo: {
        info_kind: face.kind,
        ...(face.kind === "vcan"
          ? {}
          : { info_data: { state: face.state, restart_ms: face.restartMs, ...bittiming } }),
      },
    },
  ]);
}
