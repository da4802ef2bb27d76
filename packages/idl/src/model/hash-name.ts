/** The protocol's id of a name: h = 5381, then for each byte h = (h · 33) xor byte, kept to 32 bits. */
export function hashName(name: string): number {
  let hash = 5381;
  // Names are ASCII, so a character is a byte.
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 33) ^ name.charCodeAt(at)) >>> 0;
  return hash;
}
