/** One function as an older file had it and as it is now: argument, answer, and what follows the answer. */
import type { Field, FunctionDeclaration, Type } from "../model/model.js";
import { quote } from "../source/quote.js";
import { compareFields, compareTypes, countText, otherCount } from "./compare-types.js";
import { type Differ, type Differences, type Place, tell } from "./differ.js";

export function compareFunctions(old: FunctionDeclaration, differ: Differ): Differences {
  return [
    ...compareFronts(old, differ),
    ...compareParameters(old.parameters.fields, differ),
    ...compareTransfers(old, differ),
    ...compareAnswers(old, differ),
    ...compareErrors(old, differ),
  ];
}

/** The status byte of an answer and the call number of an argument. */
function compareFronts(old: FunctionDeclaration, { now, name }: Differ): Differences {
  const front = (before: boolean, after: boolean, what: string, byte: string) => {
    if (before === after) return [];
    const change = `its ${what} ${after ? `starts with a ${byte} now` : `no longer starts with a ${byte}`}`;
    return tell("RPC5007", now.span, { name, change });
  };
  return [
    ...front(old.throws, now.throws, "answer", "status byte"),
    ...front(old.once, now.once, "argument", "call number"),
  ];
}

function compareParameters(old: readonly Field[], differ: Differ): Differences {
  const now = differ.now.parameters.fields;
  const common = now.flatMap((field, index): Differences => {
    const before = old[index];
    if (before === undefined) return [];
    const place = { whole: "", path: field.names.source, span: field.span };
    return [
      ...compareTypes(before.type, field.type, place, differ),
      ...compareDefault(before, field, differ),
    ];
  });
  const added = now.slice(old.length);
  // A slave fills in what an older caller did not send.
  const isFilledIn = added.every(({ defaultValue }) => defaultValue !== null);
  if (old.length <= now.length && isFilledIn) return common;
  const [first] = added;
  const place = { whole: "the argument", path: "", span: first?.span ?? differ.now.span };
  return [...common, ...otherCount(old, now, place, first ?? null, differ)];
}

function compareDefault(old: Field, { names, defaultValue, span }: Field, differ: Differ): Differences {
  if (old.defaultValue === null || defaultValue !== null) return [];
  const { name, oldFile } = differ;
  return tell("RPC9006", span, { place: quote(names.source), name, old: oldFile });
}

function compareTransfers({ transfer: old }: FunctionDeclaration, differ: Differ): Differences {
  const { transfer, span } = differ.now;
  if ((transfer.kind === "stream" || transfer.kind === "accept") && old.kind === transfer.kind) {
    const place = { whole: `an item of the ${transfer.kind}`, path: "", span };
    return compareTypes(old.item, transfer.item, place, differ);
  }
  const [before, after] = [transferText(old), transferText(transfer)];
  return before === after ? [] : differ.other({ whole: "the answer", path: "", span }, before, after);
}

function transferText(transfer: FunctionDeclaration["transfer"]): string {
  if (transfer.kind === "call") return "a plain result";
  if (transfer.kind !== "bulk") return transfer.kind === "accept" ? "an `accept`" : "a `stream`";
  if (transfer.byteLength !== null) return `\`bulk<bytes[${transfer.byteLength}]>\``;
  return `a \`bulk\` whose length ${transfer.sizeField === null ? "the caller states" : "the answer tells"}`;
}

/** A result as what it is on the wire: one struct lies like its fields. */
interface Answer {
  readonly optional: boolean;
  /** One value without a name that is no struct, or null. */
  readonly lone: Type | null;
  readonly fields: readonly Field[];
}

function answerOf({ result }: FunctionDeclaration): Answer {
  if (result.kind === "nothing") return { optional: false, lone: null, fields: [] };
  if (result.kind === "several") return { optional: result.optional, lone: null, fields: result.fields };
  const { type } = result;
  const optional = type.kind === "optional" && type.form === "tail";
  const own = optional ? type.value : type;
  if (own.kind === "struct") return { optional, lone: null, fields: own.declaration.fields };
  return { optional, lone: own, fields: [] };
}

function compareAnswers(old: FunctionDeclaration, differ: Differ): Differences {
  const [before, after] = [answerOf(old), answerOf(differ.now)];
  const whole = differ.now.transfer.kind === "call" ? "the result" : "the `with` part";
  const place: Place = { whole, path: "", span: differ.now.span };
  const presence = (optional: boolean) => (optional ? "optional" : "always there");
  const absence =
    before.optional === after.optional
      ? []
      : differ.other(place, presence(before.optional), presence(after.optional));
  return [...absence, ...compareValues(before, after, place, differ)];
}

function compareValues(before: Answer, after: Answer, place: Place, differ: Differ): Differences {
  if (before.lone === null && after.lone === null) {
    return compareFields(before.fields, after.fields, place, differ);
  }
  // A value without a name beside one with a name: the same.
  const [from, to] = [onlyType(before), onlyType(after)];
  if (from !== null && to !== null) return compareTypes(from, to, place, differ);
  const text = ({ lone, fields }: Answer) => (lone === null ? countText(fields) : differ.typeText(lone));
  return differ.other(place, text(before), text(after));
}

function onlyType({ lone, fields }: Answer): Type | null {
  return lone ?? (fields.length === 1 ? (fields[0]?.type ?? null) : null);
}

function compareErrors(old: FunctionDeclaration, differ: Differ): Differences {
  const { throws, errors, span } = differ.now;
  if (!old.throws || !throws) return [];
  const before = new Map(old.errors.map((error) => [error.number, error]));
  return errors.flatMap(({ number, names, fields }) => {
    const earlier = before.get(number);
    const place = { whole: `error ${quote(names.source)}`, path: "", span };
    if (earlier !== undefined) return compareFields(earlier.fields, fields, place, differ);
    return differ.limit(place, `status ${number} is new, and an older master takes it for damage`);
  });
}
