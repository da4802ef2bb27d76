/** Where something lies in a message, as source text. */

/** An expression, and a constant on top. */
export interface Position {
  readonly base: string;
  readonly offset: number;
}

export function positionText({ base, offset }: Position): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

export function moved({ base, offset }: Position, by: number): Position {
  return { base, offset: offset + by };
}

/** Position of item `index` in a list of items of `size` bytes. */
export function itemPosition({ base, offset }: Position, index: string, size: number): Position {
  return { base: `${base} + ${size === 1 ? index : `${size} * ${index}`}`, offset };
}
