/**
 * Reads and writes of an open serial port in this thread. The `serialport` package hands each of them to a thread of
 * Node's pool and back, which takes longer than the system call does: its descriptors never block, so a call that
 * would have to wait says so, and the package's own poller tells when it is worth another try. Where the package has
 * no such descriptor (Windows, a stand-in) its own reads and writes stay.
 */
import { readSync, writeSync } from "node:fs";

export interface SerialBinding {
  open(options: never): Promise<object>;
}

interface Poller {
  once(event: "readable" | "writable", told: (error: Error | null) => void): unknown;
  poll(events: number): void;
}

/** What the package's ports have on Linux and macOS. */
interface PosixPort {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: Poller;
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }>;
  write(buffer: Uint8Array): Promise<void>;
}

const READABLE = 1;
const WRITABLE = 2;
/** A read that gave so much may have left some: terminals give up to 4,095 bytes at once. */
const MAYBE_MORE_BYTES = 2048;
/** After so many reads or writes in a row the rest of the program has its turn. */
const IN_A_ROW = 32;

/** `binding` with ports that read and write directly, where they can. */
export function createDirectBinding<Binding extends SerialBinding>(binding: Binding): Binding {
  return Object.assign(Object.create(binding), {
    async open(options: never) {
      const port = await binding.open(options);
      return isPosix(port) ? makeDirect(port) : port;
    },
  });
}

function isPosix(port: object): port is PosixPort {
  const { fd, poller } = port as Partial<PosixPort>;
  return process.platform !== "win32" && typeof fd === "number" && typeof poller?.poll === "function";
}

function makeDirect(port: PosixPort): PosixPort {
  let waitedFor = 0;
  let mayHaveMore = false;
  let readsInARow = 0;

  function wait(event: "readable" | "writable"): Promise<void> {
    const flag = event === "readable" ? READABLE : WRITABLE;
    waitedFor |= flag;
    return new Promise((resolve, reject) => {
      port.poller.once(event, (error) => {
        waitedFor &= ~flag;
        if (error === null) resolve();
        else reject(error);
      });
      // Told to wait for the one, the poller forgets that it waits for the other.
      if (waitedFor !== flag) port.poller.poll(waitedFor);
    });
  }

  function descriptor(): number {
    if (port.isOpen && port.fd !== null) return port.fd;
    throw Object.assign(new Error("Port is not open"), { canceled: true });
  }

  async function read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }> {
    for (;;) {
      const mustWait = !mayHaveMore || readsInARow >= IN_A_ROW;
      if (mustWait) {
        readsInARow = 0;
        await wait("readable");
      }
      const bytesRead = unlessBlocked(() => readSync(descriptor(), buffer, offset, length, null));
      mayHaveMore = bytesRead !== null && bytesRead >= Math.min(MAYBE_MORE_BYTES, length);
      readsInARow += 1;
      // Nothing to read although the poller says so: the terminal has hung up. Else `vmin` is 0.
      if (bytesRead !== null && (bytesRead > 0 || mustWait)) return { bytesRead };
    }
  }

  async function write(buffer: Uint8Array): Promise<void> {
    let written = 0;
    for (let writes = 1; written < buffer.length; writes++) {
      const count = unlessBlocked(() => writeSync(descriptor(), buffer, written));
      written += count ?? 0;
      const mustWait = count === null || writes % IN_A_ROW === 0;
      if (mustWait && written < buffer.length) await wait("writable");
    }
  }

  return Object.assign(port, { read, write });
}

/** What a call gives, or null where it would have had to wait. */
function unlessBlocked(call: () => number): number | null {
  try {
    return call();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN" || code === "EWOULDBLOCK" || code === "EINTR") return null;
    throw error;
  }
}
