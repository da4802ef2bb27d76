/** Bytes as traces show them. */
export function hexOf(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 40)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > 40 ? `${shown}… (${bytes.length})` : shown;
}
