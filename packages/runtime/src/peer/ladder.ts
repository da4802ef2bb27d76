/** A few values that are tried one after the other, round and round: the next one after so many misses. */
export interface Ladder {
  readonly value: number;
  /** What `value` was used for went well, or did not. */
  note(isHit: boolean): void;
}

/** @param misses So many of them in a row, and the next value's turn has come. */
export function createLadder(values: readonly [number, ...number[]], misses: number): Ladder {
  let at = 0;
  let missed = 0;
  return {
    get value() {
      return values[at % values.length] as number;
    },
    note(isHit) {
      missed = isHit ? 0 : missed + 1;
      if (missed < misses) return;
      missed = 0;
      at += 1;
    },
  };
}
