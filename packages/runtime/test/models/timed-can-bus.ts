/**
 * A CAN bus in virtual time with several nodes: computers, as the `socketcan` package and the system show them, and
 * boards. One frame at a time, as long as its bits take; a frame that nobody acknowledges is sent again and again, so
 * it stays in its node's queue and holds up all behind it. What comes out of the bus may be made to differ from
 * what was sent.
 */
import type { Clock } from "../../src/clock.js";
import type { CanChannel, CanMessage, CanPackage } from "../../src/transports/can-channel.js";
import { CAN_ERR_BUSOFF } from "../../src/transports/can-channel.js";
import type { CanSystem } from "../../src/transports/can-interface.js";
import { describeFace, type FaceModel } from "./can-bus.js";
import { type CanFilters, passes, readInterfaceFile, SENT_BYTES } from "./can-socket.js";

export interface TimedCanBusOptions {
  readonly clock: Clock;
  readonly bitRate: number;
  /** What the receivers get of a frame that crossed the bus; as it is by default. */
  readonly alter?: (message: CanMessage, from: CanNode) => readonly CanMessage[];
}

export interface TimedCanBus {
  /** No frame crosses it while this is true. */
  isCut: boolean;
  computer(): CanComputer;
  board(): CanBoard;
}

/** Whoever has a controller on the bus. */
export interface CanNode {
  readonly name: string;
}

export interface CanComputer extends CanNode {
  readonly package: CanPackage;
  readonly system: CanSystem;
  /** How many frames the interface queues; more are refused. */
  queueLength: number;
  /** Off the bus until the kernel restarts the controller; false: it takes no part in the bus anyway. */
  goBusOff(restartMs: number): boolean;
  /** Taken down; its sockets are told, or that word is lost as the package may lose it. False: it was down. */
  goDown(isTold: boolean): boolean;
  goUp(): void;
}

export interface CanBoard extends CanNode {
  /** A data frame has come. */
  onFrame: (message: CanMessage) => void;
  /** Whether it takes part: a board that is reset acknowledges nothing. */
  isOn: boolean;
  /** Queues a frame; resolves when it has crossed the bus. */
  send(message: CanMessage): Promise<void>;
  /** Gives up what is queued. */
  clear(): void;
}

interface Queued {
  readonly message: CanMessage;
  readonly sent: () => void;
}

interface Node extends CanNode {
  readonly queue: Queued[];
  isOnBus(): boolean;
  receive(message: CanMessage): void;
}

/** Start, id, control, crc, acknowledgement, end, space between frames; a stuffed bit in ten. */
const FRAME_BITS = 47;
const STUFFING = 1.1;

export function createTimedCanBus({
  clock,
  bitRate,
  alter = (message) => [message],
}: TimedCanBusOptions): TimedCanBus {
  const nodes: Node[] = [];
  let isCut = false;
  let isBusy = false;
  /** Who sent last; of equal ids the other one gets its turn. */
  let last = -1;

  function next(): Node | null {
    for (let step = 1; step <= nodes.length; step++) {
      const at = (last + step) % nodes.length;
      const node = nodes[at] as Node;
      if (!node.isOnBus() || node.queue.length === 0) continue;
      last = at;
      return node;
    }
    return null;
  }

  function pump(): void {
    if (isBusy || isCut) return;
    const node = next();
    if (node === null) return;
    const others = nodes.filter((each) => each !== node && each.isOnBus());
    if (others.length === 0) return;
    const [queued] = node.queue as [Queued];
    isBusy = true;
    const bits = (FRAME_BITS + 8 * queued.message.data.length) * STUFFING;
    clock.after((bits / bitRate) * 1000, () => {
      isBusy = false;
      // The node may have gone off the bus meanwhile, or the cable come out.
      if (!isCut && node.queue[0] === queued) {
        node.queue.shift();
        queued.sent();
        for (const message of alter(queued.message, node)) {
          for (const other of others) if (other.isOnBus()) other.receive(message);
        }
      }
      pump();
    });
  }

  function enqueue(node: Node, message: CanMessage, sent: () => void = () => {}): void {
    node.queue.push({ message: { ...message, data: Uint8Array.from(message.data) }, sent });
    pump();
  }

  return {
    get isCut() {
      return isCut;
    },
    set isCut(value) {
      isCut = value;
      pump();
    },
    computer() {
      const node = createComputer(clock, bitRate, `computer ${nodes.length}`, enqueue, pump);
      nodes.push(node);
      return node;
    },
    board() {
      let isOn = true;
      const board: CanBoard & Node = {
        name: `board ${nodes.length}`,
        queue: [],
        onFrame: () => {},
        get isOn() {
          return isOn;
        },
        set isOn(value) {
          isOn = value;
          if (!value) board.clear();
          pump();
        },
        isOnBus: () => isOn,
        receive: (message) => board.onFrame(message),
        send: (message) => new Promise((resolve) => enqueue(board, message, resolve)),
        clear: () => void board.queue.splice(0),
      };
      nodes.push(board);
      return board;
    },
  };
}

interface Socket extends CanFilters {
  readonly hears: ((message: CanMessage) => void)[];
  readonly stopped: (() => void)[];
  isRunning: boolean;
}

function createComputer(
  clock: Clock,
  bitRate: number,
  name: string,
  enqueue: (node: Node, message: CanMessage) => void,
  pump: () => void,
): CanComputer & Node {
  const sockets = new Set<Socket>();
  const face: FaceModel = {
    isUp: true,
    kind: "can",
    bitRate,
    samplePoint: 0.75,
    state: "ERROR-ACTIVE",
    restartMs: 100,
  };
  const isOff = () => face.state === "BUS-OFF";

  function stop(socket: Socket): void {
    socket.isRunning = false;
    sockets.delete(socket);
    for (const listener of socket.stopped) listener();
  }

  function hear(message: CanMessage): void {
    for (const socket of [...sockets]) {
      if (!socket.isRunning || !passes(message, socket)) continue;
      for (const listener of socket.hears) listener(message);
    }
  }

  function openSocket(): CanChannel {
    const socket: Socket = {
      hears: [],
      stopped: [],
      filter: { id: 0, mask: 0 },
      errorMask: 0,
      isRunning: false,
    };
    sockets.add(socket);
    return {
      addListener(event: string, listener: (message: CanMessage) => void) {
        if (event === "onMessage") socket.hears.push(listener);
        else socket.stopped.push(listener as () => void);
      },
      start() {
        socket.isRunning = true;
      },
      stop() {
        if (!socket.isRunning) throw new Error("Channel not started");
        stop(socket);
      },
      send(message) {
        if (!face.isUp || computer.queue.length >= computer.queueLength) return -1;
        if (!isOff()) enqueue(computer, message);
        return SENT_BYTES;
      },
      setRxFilters(filter) {
        socket.filter = filter;
      },
      setErrorFilters(mask) {
        socket.errorMask = mask;
      },
    };
  }

  const computer: CanComputer & Node = {
    name,
    queue: [],
    queueLength: 1000,
    package: { createRawChannelWithOptions: openSocket },
    system: {
      readText: async (path) => {
        return readInterfaceFile(path, face.isUp);
      },
      ip: async () => describeFace(face),
    },
    isOnBus: () => face.isUp && !isOff(),
    receive: hear,
    goBusOff(restartMs) {
      if (isOff() || !face.isUp) return false;
      face.state = "BUS-OFF";
      computer.queue.splice(0);
      hear({ id: CAN_ERR_BUSOFF, err: true, data: new Uint8Array(8) });
      clock.after(restartMs, () => {
        face.state = "ERROR-ACTIVE";
        pump();
      });
      return true;
    },
    goDown(isTold) {
      const wasUp = face.isUp;
      face.isUp = false;
      computer.queue.splice(0);
      for (const socket of isTold ? [...sockets] : []) if (socket.isRunning) stop(socket);
      return wasUp;
    },
    goUp() {
      face.isUp = true;
      pump();
    },
  };
  return computer;
}
