/**
 * Plays the recorded slave on a real bus: hears what the master says, answers what was recorded, and knows
 * a master that says something again. Runs in the process at the far end.
 */
import { connectToBus, encodeCount } from "../bus/bus-messages.mjs";

/** More than any packet that a recorded master said. */
const ROOM = 1024;

let end = null;

/** Opens one of the ends below; from then on nothing that the master says is missed. */
export async function openEnd(name, args) {
  end = await ENDS[name](...args);
}

/** Resolves once all turns were taken; rejects when the master says what was not recorded. */
export async function playSlave(turns) {
  try {
    let repeats = 0;
    for (let at = 0; at < turns.length; ) {
      const expected = turns
        .slice(0, at + 1)
        .filter(({ dir }) => dir === "m2s")
        .map(({ hex }) => hex);
      const heard = turns[at].dir === "m2s" ? await end.hear(expected) : await end.say(turns[at].hex);
      if (heard === null) {
        at += 1; // said, and taken
        continue;
      }
      const index = turns.findLastIndex(
        ({ dir, hex }, index) => index <= at && dir === "m2s" && hex === heard,
      );
      if (index < 0) throw new Error(`turn ${at}: the master said ${heard}; recorded is ${turns[at].hex}`);
      if (index < at) repeats += 1;
      at = index + 1;
    }
    return { repeats };
  } finally {
    await end.close();
  }
}

/** `hear(expected)`: the next packet as hex; `say(hex)`: null once it was taken, or what was heard instead. */
const ENDS = {
  async can(interfaceName) {
    const { openCan } = await import("@rpcgen/runtime/can");
    const link = await openCan({ interface: interfaceName });
    let pending = "";
    return {
      async hear(expected) {
        for (;;) {
          const whole = expected.findLast((hex) => pending.startsWith(hex));
          if (whole !== undefined) {
            pending = pending.slice(whole.length);
            return whole;
          }
          if (!expected.some((hex) => hex.startsWith(pending))) return pending;
          const into = new Uint8Array(Math.max(1, link.available));
          if (await link.getBytes(into, 100)) pending += toHex(into);
        }
      },
      async say(hex) {
        await link.putBytes(Buffer.from(hex, "hex"), 5000);
        return null;
      },
      close: () => link.close(),
    };
  },

  async i2c(path, address) {
    const bus = connectToBus(path);
    bus.send("A", Uint8Array.of(address));
    return {
      async hear() {
        bus.send("W", encodeCount(ROOM));
        return toHex((await bus.next()).payload);
      },
      async say(hex) {
        // In parts, where i2c-dev reads in parts.
        for (let rest = Buffer.from(hex, "hex"); rest.length > 0; ) {
          bus.send("O", rest);
          rest = rest.subarray((await bus.next()).payload.readUInt32LE());
        }
        return null;
      },
      close: async () => bus.close(),
    };
  },

  async spi(path) {
    const bus = connectToBus(path);
    const exchange = async (bytes) => {
      bus.send("D", bytes);
      const { payload } = await bus.next();
      return payload.every((byte) => byte === 0) ? null : toHex(payload);
    };
    return {
      async hear() {
        for (;;) {
          const heard = await exchange(new Uint8Array(ROOM));
          if (heard !== null) return heard;
        }
      },
      say: (hex) => exchange(Buffer.from(hex, "hex")),
      close: async () => bus.close(),
    };
  },
};

const toHex = (bytes) => Buffer.from(bytes).toString("hex");
