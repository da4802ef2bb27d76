/** Arguments, results and errors: both languages pack the same bytes, and each reads what the other packed. */
import type { RpcError } from "@rpcgen/runtime/codec/v1";
import { expect } from "vitest";
import type { Batch, LoadedFunction } from "./load-batch.js";
import type { Random, Wish } from "./random-value.js";
import { pythonOf, shown } from "./spell-value.js";
import {
  type Check,
  caught,
  checkSize,
  concat,
  fieldsOf,
  hexOf,
  NO_BYTES,
  sampled,
  shownFields,
  shownObject,
} from "./spelled-message.js";

/** Argument and result are the same message: of equal bytes, but for a call number and a status. */
export function echoChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
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
export function singleChecks({ declaration, codec }: LoadedFunction, random: Random, wish: Wish): Check[] {
  const [field] = declaration.parameters.fields;
  const spelled = sampled(declaration.parameters.fields, random, wish);
  const [sample] = spelled?.samples ?? [];
  if (spelled === null || field === undefined || sample === undefined) return [];
  const argument = codec.encodeArgument(spelled.values);
  checkSize(argument, declaration.parameters.size, wish);
  const message = declaration.throws ? concat(Uint8Array.of(0), argument) : argument;
  expect(hexOf(codec.encodeResult(spelled.values[0]))).toBe(hexOf(message));
  const result = pythonOf(sample, field.type);
  return [
    {
      ...{ function: declaration.names.python, argument, result, frames: [], wire: declaration.wireName },
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
export function failureChecks(
  batch: Batch,
  { declaration, codec }: LoadedFunction,
  random: Random,
  wish: Wish,
): Check[] {
  const error = declaration.errors.find(({ fields }) => fields.length > 0) ?? declaration.errors[0];
  const spelled = error === undefined ? null : sampled(error.fields, random, wish);
  const argument = sampled(declaration.parameters.fields, random, "any");
  if (error === undefined || spelled === null || argument === null) return [];
  const { names, fields, number, size } = error;
  const OwnError = batch.exports[names.typescript] as ErrorClass;
  const own = codec.errors.find((each) => each.isOwn(new OwnError(spelled.object) as never));
  const expected = own?.encode(new OwnError(spelled.object) as never) ?? NO_BYTES;
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
