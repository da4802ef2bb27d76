/**
 * What must hold of one schema: TypeScript and MicroPython pack the same bytes, each reads what the other
 * packed, sizes are as promised, and both refuse what is none of its type.
 */
import type { Field, Type } from "@rpcgen/idl/model";
import { RpcError } from "@rpcgen/runtime/codec/v1";
import { expect } from "vitest";
import {
  type Batch,
  type BoardAnswer,
  type BoardCall,
  callBoard,
  type LoadedFunction,
} from "./load-batch.js";
import { type Random, type Sample, sampleFields, sampleOf, valueFields, type Wish } from "./random-value.js";
import { pythonOf, pythonTuple, shown, typescriptOf } from "./spell-value.js";
import { wrongValues } from "./wrong-values.js";

/** A call, and what is expected of its answer. */
interface Check extends BoardCall {
  verify(answer: BoardAnswer): void;
}

const NO_BYTES = new Uint8Array(0);

/** Longer messages say no more about packing, and take their time. */
const LONGEST_BYTES = 2000;

/** Checks the schema of that index; throws what `expect` throws. */
export function checkSchema(batch: Batch, index: number, random: Random): void {
  const functions = batch.schemas[index] ?? [];
  const [echo, only, items, take, load, once] = functions;
  if (!echo || !only || !items || !take || !load || !once) throw new Error("a schema has six functions");
  const checks: Check[] = [];
  for (const wish of ["any", "any", "shortest", "longest"] as const) {
    checks.push(...echoChecks(echo, random, wish), ...echoChecks(once, random, wish));
    checks.push(...singleChecks(only, random, wish), ...failureChecks(batch, echo, random, wish));
    checks.push(...streamChecks(items, random, wish), ...acceptChecks(take, random, wish));
    checks.push(...bulkChecks(load, random, wish));
  }
  checks.push(...wrongValueChecks(echo, random), ...wrongByteChecks(echo, random));
  const answers = callBoard(batch.board, `S${index}`, checks);
  checks.forEach((check, i) => {
    const answer = answers[i];
    if (answer === undefined) throw new Error("an answer for each call");
    check.verify(answer);
  });
}

/** The values of fields, as both languages have them. */
interface Spelled {
  readonly samples: readonly Sample[];
  readonly values: readonly unknown[];
  /** By name, as a result or the fields of an error have them. */
  readonly object: Readonly<Record<string, unknown>>;
  /** A tuple. */
  readonly python: string;
  readonly shown: string;
}

function spell(fields: readonly Field[], samples: readonly Sample[]): Spelled {
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

function shownFields(fields: readonly Field[], values: readonly unknown[]): string {
  return `(${valueFields(fields)
    .map((field, i) => shown(values[i], field.type))
    .join(",")})`;
}

function shownObject(fields: readonly Field[], object: unknown): string {
  const values = object as Readonly<Record<string, unknown>>;
  return shownFields(
    fields,
    valueFields(fields).map(({ names }) => values[names.typescript]),
  );
}

function isTooLong({ size }: Type, wish: Wish): boolean {
  // A longest value of what has no bound there is none.
  return (wish === "longest" ? (size.max ?? Infinity) : size.min) > LONGEST_BYTES;
}

/** Null where the values of this wish would be too long. */
function sampled(fields: readonly Field[], random: Random, wish: Wish): Spelled | null {
  if (fields.some(({ type }) => isTooLong(type, wish))) return null;
  return spell(fields, sampleFields(fields, random, wish));
}

function fieldsOf({ declaration: { result } }: LoadedFunction): readonly Field[] {
  return result.kind === "several" ? result.fields : [];
}

function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString("hex");
}

/** The size of a message is one that the model promises; that of the shortest and the longest exactly. */
function checkSize(bytes: Uint8Array, size: { min: number; max: number | null }, wish: Wish): void {
  expect(bytes.length).toBeGreaterThanOrEqual(size.min);
  if (size.max !== null) expect(bytes.length).toBeLessThanOrEqual(size.max);
  if (wish === "shortest") expect(bytes.length).toBe(size.min);
  if (wish === "longest" && size.max !== null) expect(bytes.length).toBe(size.max);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Argument and result are the same message: of equal bytes, but for a call number and a status. */
function echoChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration, codec } = one;
  const { fields, size } = declaration.parameters;
  const spelled = sampled(fields, random, wish);
  if (spelled === null) return [];
  const argument = codec.encodeArgument(spelled.values);
  const number = declaration.once ? 4 : 0;
  // A call number that no call before it had.
  if (number > 0) new DataView(argument.buffer).setUint32(argument.byteOffset, random.below(2 ** 32));
  const message = argument.subarray(number);
  checkSize(message, size, wish);
  expect(shownFields(fields, codec.decodeArgument(argument))).toBe(spelled.shown);
  const result = concat(Uint8Array.of(0), message);
  expect(hexOf(codec.encodeResult(spelled.object))).toBe(hexOf(result));
  const call = { function: declaration.names.python, argument, result: spelled.python, frames: [] };
  return [
    {
      ...call,
      verify({ answer, given }) {
        expect(given).toBe(spelled.shown);
        expect(hexOf(answer)).toBe(hexOf(result));
        expect(shownObject(fieldsOf(one), codec.decodeResult(answer ?? NO_BYTES))).toBe(spelled.shown);
      },
    },
  ];
}

/** One value, without a status byte. */
function singleChecks({ declaration, codec }: LoadedFunction, random: Random, wish: Wish): Check[] {
  const [field] = declaration.parameters.fields;
  const spelled = sampled(declaration.parameters.fields, random, wish);
  const [sample] = spelled?.samples ?? [];
  if (spelled === null || field === undefined || sample === undefined) return [];
  const message = codec.encodeArgument(spelled.values);
  checkSize(message, declaration.parameters.size, wish);
  expect(hexOf(codec.encodeResult(spelled.values[0]))).toBe(hexOf(message));
  const result = pythonOf(sample, field.type);
  return [
    {
      ...{ function: declaration.names.python, argument: message, result, frames: [] },
      verify({ answer, given }) {
        expect(given).toBe(spelled.shown);
        expect(hexOf(answer)).toBe(hexOf(message));
        expect(shown(codec.decodeResult(answer ?? NO_BYTES), field.type)).toBe(
          shown(spelled.values[0], field.type),
        );
      },
    },
  ];
}

type ErrorClass = new (fields: Readonly<Record<string, unknown>>) => RpcError;

/** The handler raises the declared error. */
function failureChecks(
  batch: Batch,
  { declaration, codec }: LoadedFunction,
  random: Random,
  wish: Wish,
): Check[] {
  const [error] = declaration.errors;
  const spelled = error === undefined ? null : sampled(error.fields, random, wish);
  const argument = sampled(declaration.parameters.fields, random, "any");
  if (error === undefined || spelled === null || argument === null) return [];
  const { names, fields, number, size } = error;
  const OwnError = batch.exports[names.typescript] as ErrorClass;
  const expected = codec.errors[0]?.encode(new OwnError(spelled.object) as never) ?? NO_BYTES;
  checkSize(expected.subarray(1), size, wish);
  expect(expected[0]).toBe(number);
  const call = {
    function: declaration.names.python,
    argument: codec.encodeArgument(argument.values),
    frames: [],
  };
  return [
    {
      ...call,
      result: `fail(batch_rpc.${names.python}(*${spelled.python}))`,
      verify({ answer }) {
        expect(hexOf(answer)).toBe(hexOf(expected));
        const failure = caught(() => codec.decodeResult(answer ?? NO_BYTES));
        expect(failure).toBeInstanceOf(OwnError);
        expect(shownObject(fields, failure)).toBe(spelled.shown);
      },
    },
  ];
}

function caught(body: () => unknown): RpcError {
  try {
    body();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Three items, spelled for both languages. */
function itemsOf(type: Type, { codec }: LoadedFunction, random: Random, wish: Wish) {
  if (isTooLong(type, wish)) return [];
  return [0, 1, 2].flatMap(() => {
    const sample = sampleOf({ type, range: null }, random, wish);
    const value = typescriptOf(sample, type);
    const bytes = codec.encodeItem(value);
    // A tail of no bytes would be the end.
    if (bytes.length === 0) return [];
    checkSize(bytes, type.size, wish);
    expect(shown(codec.decodeItem(bytes), type)).toBe(shown(value, type));
    return [{ bytes, python: pythonOf(sample, type), shown: shown(value, type) }];
  });
}

function streamChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration, codec } = one;
  const part = sampled(fieldsOf(one), random, wish);
  if (declaration.transfer.kind !== "stream" || part === null) return [];
  const items = itemsOf(declaration.transfer.item, one, random, wish);
  const python = items.map((item) => `${item.python},`).join(" ");
  return [
    {
      ...{ function: declaration.names.python, argument: NO_BYTES, frames: [] },
      result: `(${part.python}, iter((${python})))`,
      verify({ answer, lines }) {
        expect(hexOf(answer)).toBe(hexOf(codec.encodeResult(part.object)));
        expect(shownObject(fieldsOf(one), codec.decodeResult(answer ?? NO_BYTES))).toBe(part.shown);
        const frames = items.map(({ bytes }) => `frame ${hexOf(bytes)}`);
        expect(lines).toEqual([...frames, "frame ", ...lines.slice(frames.length + 1)]);
        expect(lines.filter((line) => line.startsWith("frame "))).toHaveLength(frames.length + 1);
      },
    },
  ];
}

function acceptChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration } = one;
  if (declaration.transfer.kind !== "accept") return [];
  const items = itemsOf(declaration.transfer.item, one, random, wish);
  return [
    {
      ...{ function: declaration.names.python, argument: NO_BYTES },
      result: '(lambda item: print("item", show(item)), lambda ok: print("end", ok))',
      frames: [...items.map(({ bytes }) => bytes), NO_BYTES],
      verify({ lines }) {
        expect(lines.filter((line) => line.startsWith("item "))).toEqual(
          items.map((item) => `item ${item.shown}`),
        );
        expect(lines.at(-1)).toBe("end True");
      },
    },
  ];
}

/** The last field of the part is `size`. */
function bulkChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration, codec } = one;
  const fields = fieldsOf(one);
  const data = Uint8Array.from({ length: 1 + random.below(9) }, () => random.below(256));
  const size: Sample = { kind: "integer", value: BigInt(data.length) };
  const drawn = sampled(fields, random, wish);
  if (drawn === null) return [];
  const part = spell(fields, [...drawn.samples.slice(0, -1), size]);
  return [
    {
      ...{ function: declaration.names.python, argument: NO_BYTES, frames: [] },
      result: `(${part.python}, bytes.fromhex("${hexOf(data)}"))`,
      verify({ answer, lines }) {
        expect(hexOf(answer)).toBe(hexOf(codec.encodeResult(part.object)));
        expect(shownObject(fields, codec.decodeResult(answer ?? NO_BYTES))).toBe(part.shown);
        expect(lines).toContain(`put ${hexOf(data)} 5000`);
      },
    },
  ];
}

/** Both refuse to encode a message with one wrong value, and name the same place. */
function wrongValueChecks({ declaration, codec }: LoadedFunction, random: Random): Check[] {
  const { fields } = declaration.parameters;
  const right = sampled(fields, random, "any");
  if (right === null || declaration.result.kind !== "several") return [];
  // The result has no ranges: what is wrong for it is wrong for the argument.
  const all = wrongValues(declaration.result.fields, right.samples);
  const chosen = [0, 1, 2].flatMap(() => all[random.below(all.length)] ?? []);
  const argument = codec.encodeArgument(right.values);
  return chosen.map(({ path, fields: samples }) => {
    const wrong = spell(fields, samples);
    const failure = caught(() => codec.encodeArgument(wrong.values));
    expect(failure.message.split(": ")[0]).toBe(path);
    expect(failure.code).toBe("bad-argument");
    return {
      ...{ function: declaration.names.python, argument, result: wrong.python, frames: [] },
      verify({ answer }) {
        expect(answer?.[0]).toBe(255);
        const text = Buffer.from(answer?.subarray(1) ?? NO_BYTES).toString();
        expect(text).toMatch(/^WireError: result\./);
        expect(text.slice("WireError: result.".length).split(": ")[0]).toBe(path);
      },
    };
  });
}

/** Random bytes, and bytes of a value with something changed: both read the same, or both refuse. */
function wrongByteChecks({ declaration, codec }: LoadedFunction, random: Random): Check[] {
  const { fields } = declaration.parameters;
  const right = sampled(fields, random, "any");
  const bytes = right === null ? NO_BYTES : codec.encodeArgument(right.values);
  const noise = () => Uint8Array.from({ length: random.below(40) }, () => random.below(256));
  const changed = bytes.map((byte) => (random.below(bytes.length) < 2 ? random.below(256) : byte));
  const tried = [
    noise(),
    noise(),
    changed,
    bytes.subarray(0, random.below(bytes.length + 1)),
    concat(bytes, noise()),
  ];
  const isJson = fields.some(({ type }) => holdsJson(type));
  return tried.map((argument) => {
    const read = (() => {
      try {
        return shownFields(fields, codec.decodeArgument(argument));
      } catch (error) {
        expect(error).toBeInstanceOf(RpcError);
        return null;
      }
    })();
    return {
      ...{ function: declaration.names.python, argument, result: right?.python ?? "None", frames: [] },
      verify({ answer, given }) {
        if (given === null) expect(answer?.[0]).toBe(254);
        // MicroPython's reader of JSON takes more than JSON.
        if (!isJson || given === null) expect(given, hexOf(argument) ?? "").toBe(read);
      },
    };
  });
}

function holdsJson(type: Type): boolean {
  switch (type.kind) {
    case "json":
      return true;
    case "optional":
      return holdsJson(type.value);
    case "struct":
      return type.declaration.fields.some((field) => holdsJson(field.type));
    case "union":
      return type.declaration.variants.some((variant) => variant.type !== null && holdsJson(variant.type));
    default:
      return false;
  }
}
