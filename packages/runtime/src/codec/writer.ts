/** Where an encoder writes: one allocation of the measured size, zeros to begin with. */
import { Misfit } from "./misfit.js";

/** A packet's size field counts 32 bits, its crc's two bytes and then some included. */
const LARGEST_MESSAGE = 2 ** 32 - 5;

export class Writer {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(size: number) {
    if (size > LARGEST_MESSAGE) throw new Misfit("", `${size} bytes are more than a message can have`);
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }
}
