/**
 * The catalogue: every diagnostic by its code. Codes are stable and never used again for another mistake.
 * Gone: RPC1017, "not in this version yet".
 */
import type { Entry } from "../entry.js";
import { changeEntries } from "./change-entries.js";
import { functionEntries } from "./function-entries.js";
import { nameEntries } from "./name-entries.js";
import { syntaxEntries } from "./syntax-entries.js";
import { typeEntries } from "./type-entries.js";
import { warningEntries } from "./warning-entries.js";

export const catalogue = {
  ...syntaxEntries,
  ...nameEntries,
  ...typeEntries,
  ...functionEntries,
  ...changeEntries,
  ...warningEntries,
} as const;

export type Code = keyof typeof catalogue;

type Value = string | number;

/** The values that the texts of a code need; those that only its hint needs may be null. */
export type ValuesOf<C extends Code> =
  (typeof catalogue)[C] extends Entry<infer Message, infer Help>
    ? { readonly [Key in Message]: Value } & { readonly [Key in Exclude<Help, Message>]: Value | null }
    : never;

/** The entry of a code, or null for a code that does not exist: what `rpcgen explain` prints. */
export function explain(code: string): Entry | null {
  return isCode(code) ? catalogue[code] : null;
}

export function isCode(code: string): code is Code {
  return Object.hasOwn(catalogue, code);
}
