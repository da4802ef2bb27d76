/** Where something stands in a source file. Offsets count UTF-16 units; line and column start at 1. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}
