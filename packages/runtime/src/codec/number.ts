/** Checks of numbers that are too long to stand in generated code. Integers are checked there. */

/** Infinities and NaN are f32 values; a finite number that becomes infinite is not. */
export function isF32(value: unknown): value is number {
  if (typeof value !== "number") return false;
  const sent = Math.fround(value);
  // Finite minus itself is 0, all else is NaN.
  return sent - sent === 0 || value - value !== 0;
}
