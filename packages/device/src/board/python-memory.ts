/** A window into the running MicroPython's memory: what `uctypes.addressof` points at. */
export interface PythonMemory {
  /** Valid until control returns to MicroPython: its memory may grow and move. */
  view(address: number, byteLength: number): Uint8Array;
}
