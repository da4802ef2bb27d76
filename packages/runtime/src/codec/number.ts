/** Checks of numbers that are too long to stand in generated code. Integers are checked there. */

/** Infinities and NaN are f32 values; a finite number that becomes infinite is not. */
export function isF32(value: unknown): value is number {
  if (typeof value !== "number") return false;
  return Math.abs(Math.fround(value)) !== Infinity || Math.abs(value) === Infinity;
}
