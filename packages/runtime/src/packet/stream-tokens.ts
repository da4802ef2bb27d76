/** The credit bytes of a stream: an 8-bit shift register, so that a lost or doubled byte is noticed. */

/** The first credit byte of every stream. */
export const FIRST_STREAM_TOKEN = 255;
/** A byte that is never a credit. A writer stops at a wrong one, so this ends a stream at once. */
export const STOP_TOKEN = 0;

/** The credit byte after `token`: x >> 1, xor 0xB8 where x was odd. It comes round after 255 steps. */
export function nextStreamToken(token: number): number {
  return (token >> 1) ^ (token & 1 ? 0xb8 : 0);
}
