/** The values of a message in both languages, and what is compared of them. */
import type { Field, SizeRange, Type } from "@rpcgen/idl/model";
import { RpcError } from "@rpcgen/runtime/codec/v1";
import { expect } from "vitest";
import type { BoardAnswer, BoardCall, LoadedFunction } from "./load-batch.js";
import { type Random, type Sample, sampleFields, valueFields, type Wish } from "./random-value.js";
import { pythonTuple, shown, typescriptOf } from "./spell-value.js";

/** A call, and what is expected of its answer. */
export interface Check extends BoardCall {
  verify(answer: BoardAnswer): void;
}

export const NO_BYTES = new Uint8Array(0);

/** Longer messages say no more about packing, and take their time. */
const LONGEST_BYTES = 2000;

/** The values of fields, as both languages have them. */
export interface Spelled {
  readonly samples: readonly Sample[];
  readonly values: readonly unknown[];
  /** By name, as a result or the fields of an error have them. */
  readonly object: Readonly<Record<string, unknown>>;
  /** A tuple. */
  readonly python: string;
  readonly shown: string;
}

export function spell(fields: readonly Field[], samples: readonly Sample[]): Spelled {
  const own = valueFields(fields);
  const values = own.map((field, i) => typescriptOf(samples[i] ?? { kind: "none" }, field.type));
  return {
    samples,
    values,
    object: Object.fromEntries(own.map(({ names }, i) => [names.typescript, values[i]])),
    python: pythonTuple(samples, (i) => own[i]?.type),
    shown: shownFields(fields, values),
  };
}

export function shownFields(fields: readonly Field[], values: readonly unknown[]): string {
  return `(${valueFields(fields)
    .map((field, i) => shown(values[i], field.type))
    .join(",")})`;
}

export function shownObject(fields: readonly Field[], object: unknown): string {
  const values = object as Readonly<Record<string, unknown>>;
  return shownFields(
    fields,
    valueFields(fields).map(({ names }) => values[names.typescript]),
  );
}

export function isTooLong({ size }: Type, wish: Wish): boolean {
  // A longest value of what has no bound there is none.
  return (wish === "longest" ? (size.max ?? Infinity) : size.min) > LONGEST_BYTES;
}

/** Null where the values of this wish would be too long. */
export function sampled(fields: readonly Field[], random: Random, wish: Wish): Spelled | null {
  if (fields.some(({ type }) => isTooLong(type, wish))) return null;
  return spell(fields, sampleFields(fields, random, wish));
}

export function fieldsOf({ declaration: { result } }: LoadedFunction): readonly Field[] {
  return result.kind === "several" ? result.fields : [];
}

export function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString("hex");
}

/** The size of a message is one that the model promises; that of the shortest and the longest exactly. */
export function checkSize(bytes: Uint8Array, size: SizeRange, wish: Wish): void {
  expect(bytes.length).toBeGreaterThanOrEqual(size.min);
  if (size.max !== null) expect(bytes.length).toBeLessThanOrEqual(size.max);
  if (wish === "shortest") expect(bytes.length).toBe(size.min);
  if (wish === "longest" && size.max !== null) expect(bytes.length).toBe(size.max);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The error that the body throws, which must be one of the runtime's. */
export function caught(body: () => unknown): RpcError {
  try {
    body();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
