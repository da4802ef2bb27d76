/**
 * Follows what comes out of a line that loses pieces of packets: a receiver takes what comes next for the missing
 * bytes, and once in 65,536 times the crc is right. Campaigns must know of each, since no peer can.
 */
import { MAGIC_BYTES } from "../../src/packet/packet.js";
import { type FaultDice, isPacket } from "./fault-dice.js";

export interface DamageWatch {
  /** A piece of what one side sends, and what came out of it; a packet ends with a piece shorter than `fullBytes`, or where its crc is. */
  sent(piece: Uint8Array, came: Uint8Array): void;
}

export function createDamageWatch(dice: Pick<FaultDice, "noteDamage">, fullBytes: number): DamageWatch {
  let original: number[] = [];
  let arrived: number[] = [];
  /** Packets of which bytes are missing, until others took their place. */
  let open: { readonly original: Uint8Array; readonly arrived: number[] }[] = [];

  function endPacket(): void {
    const whole = Uint8Array.from(original);
    const came = arrived;
    original = [];
    arrived = [];
    // Without its magic nobody takes what follows for this packet.
    if (came.length < MAGIC_BYTES) return;
    if (came.length < whole.length) open.push({ original: whole, arrived: came });
    else if (whole.some((byte, index) => byte !== came[index])) {
      dice.noteDamage(whole, Uint8Array.from(came.slice(0, whole.length)));
    }
  }

  return {
    sent(piece, came) {
      for (const each of open) {
        each.arrived.push(...came.subarray(0, each.original.length - each.arrived.length));
        if (each.arrived.length === each.original.length) {
          dice.noteDamage(each.original, Uint8Array.from(each.arrived));
        }
      }
      if (open.length > 0) open = open.filter((each) => each.arrived.length < each.original.length);
      original.push(...piece);
      arrived.push(...came);
      if (piece.length < fullBytes || isPacket(Uint8Array.from(original))) endPacket();
    },
  };
}
