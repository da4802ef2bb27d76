/** The 32-bit id of a function: what travels instead of its name. */

/**
 * h = 5381; for each byte h = (h · 33) xor byte, kept to 32 bits.
 * Throws a `RangeError` for a name beyond ASCII: there, stock peers disagree with each other.
 */
export function hashName(name: string): number {
  let hash = 5381;
  for (let i = 0; i < name.length; i++) {
    const byte = name.charCodeAt(i);
    if (byte > 0x7f) throw new RangeError(`the wire name ${JSON.stringify(name)} is not ASCII`);
    hash = (Math.imul(hash, 33) ^ byte) >>> 0;
  }
  return hash;
}
