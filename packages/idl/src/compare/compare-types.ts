/** Two types of one value: what differs in their bytes, and what only in the values that each allows. */
import { scalarText } from "../model/layout.js";
import type { EnumType, Field, Length, OptionalType, Type, UnionType } from "../model/model.js";
import { quote } from "../source/quote.js";
import { type Differ, type Differences, inside, type Place, tell, textOf } from "./differ.js";

export function compareTypes(oldType: Type, nowType: Type, place: Place, differ: Differ): Differences {
  const [old, now] = [plain(oldType), plain(nowType)];
  if (old.kind === "enum" || now.kind === "enum") return compareNumbers(old, now, place, differ);
  if (old.kind === "list" && now.kind === "list") {
    const items = compareTypes(old.item, now.item, inside(place, "[]"), differ);
    return [...compareLengths(old, now, place, differ), ...items];
  }
  if ((old.kind === "bytes" && now.kind === "bytes") || (old.kind === "string" && now.kind === "string")) {
    return compareLengths(old, now, place, differ);
  }
  if (old.kind === "optional" && now.kind === "optional") {
    const values = compareTypes(old.value, now.value, place, differ);
    if (old.form === now.form) return values;
    return [...differ.other(place, presenceOf(old, differ), presenceOf(now, differ)), ...values];
  }
  if (old.kind === "struct" && now.kind === "struct") {
    if (!differ.isNew(old.declaration, now.declaration)) return [];
    return compareFields(old.declaration.fields, now.declaration.fields, place, differ);
  }
  if (old.kind === "union" && now.kind === "union" && baseOf(old) === baseOf(now)) {
    return differ.isNew(old.declaration, now.declaration) ? compareVariants(old, now, place, differ) : [];
  }
  const [before, after] = [wordOf(old), wordOf(now)];
  if (before !== null && before === after) return [];
  return differ.other(place, differ.typeText(old), differ.typeText(now));
}

/** Only the last value of a message does without the byte: a value behind it brings it in. */
function presenceOf(type: OptionalType, { typeText }: Differ): string {
  return `${typeText(type)} ${type.form === "tail" ? "without" : "with"} a presence byte`;
}

/** Open enums and flags carry any number of their base, and so are their base. */
function plain(type: Type): Type {
  if (type.kind === "flags" || (type.kind === "enum" && type.declaration.open)) return type.declaration.base;
  return type;
}

/** What one word says whole, or null. */
function wordOf(type: Type): string | null {
  switch (type.kind) {
    case "integer":
    case "float":
      return scalarText(type);
    case "bool":
    case "json":
      return type.kind;
    case "pad":
      return `pad[${type.count}]`;
    default:
      return null;
  }
}

function baseOf({ declaration }: UnionType | EnumType): string {
  return scalarText(declaration.base);
}

/** A closed enum beside another, or beside its bare integer: the same bytes, but not every number. */
function compareNumbers(old: Type, now: Type, place: Place, differ: Differ): Differences {
  const word = (type: Type) => (type.kind === "enum" ? baseOf(type) : wordOf(type));
  if (word(old) !== word(now)) return differ.other(place, differ.typeText(old), differ.typeText(now));
  if (old.kind !== "enum") return differ.limit(place, "any number before, one of an enum now");
  if (now.kind !== "enum") return differ.limit(place, "one of an enum before, any number now");
  return compareSets("", membersOf(old), membersOf(now), place, differ);
}

/** Names by number. */
type Numbered = ReadonlyMap<bigint, string>;

function membersOf({ declaration }: EnumType): Numbered {
  return new Map(declaration.members.map(({ value, names }) => [value, names.source]));
}

/** What one of both has and the other has not. */
function compareSets(what: string, old: Numbered, now: Numbered, place: Place, differ: Differ): Differences {
  const added = without(now, old);
  const gone = without(old, now);
  return [
    ...(added === "" ? [] : differ.limit(place, `it may be ${what}${added} now`)),
    ...(gone === "" ? [] : differ.limit(place, `it may no longer be ${what}${gone}`)),
  ];
}

/** More say no more. */
const mostListed = 5;

function without(some: Numbered, others: Numbered): string {
  const own = [...some].flatMap(([value, name]) => (others.has(value) ? [] : [`${quote(name)} (${value})`]));
  const more = own.length > mostListed ? ` or one of ${own.length - mostListed} more` : "";
  return `${own.slice(0, mostListed).join(", ")}${more}`;
}

type Sized = Extract<Type, { readonly length: Length }>;
type Bounded = Extract<Length, { readonly kind: "bounded" }>;

function compareLengths(old: Sized, now: Sized, place: Place, differ: Differ): Differences {
  const [before, after] = [old.length, now.length];
  if (before.kind === "bounded" && after.kind === "bounded") {
    if (before.count !== after.count) return compareCounts(now, before, after, place, differ);
    if (before.max === after.max) return [];
    return differ.limit(place, `at most ${before.max} before, ${after.max} now`);
  }
  const count = (length: Length) => (length.kind === "fixed" ? length.count : null);
  if (before.kind === after.kind && count(before) === count(after)) return [];
  return differ.other(place, differ.typeText(old), differ.typeText(now));
}

const widest = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff } as const;

function compareCounts(
  now: Sized,
  before: Bounded,
  after: Bounded,
  place: Place,
  differ: Differ,
): Differences {
  // A count that is too narrow for the new bound cannot be kept.
  const keeps = after.max <= widest[before.count];
  const word = now.kind === "list" ? "T" : now.kind;
  return tell("RPC5004", place.span, {
    ...{ place: textOf(place), name: differ.name },
    ...{ old: before.max, now: after.max, oldWidth: before.count, width: after.count },
    suggestion: keeps ? quote(`${word}[${before.count} <= ${after.max}]`) : null,
  });
}

function compareVariants(old: UnionType, now: UnionType, place: Place, differ: Differ): Differences {
  const numbered = ({ declaration }: UnionType): Numbered =>
    new Map(declaration.variants.map(({ tag, names }) => [tag, names.source]));
  const before = new Map(old.declaration.variants.map(({ tag, type }) => [tag, type]));
  const common = now.declaration.variants.flatMap(({ tag, type, names }) => {
    const earlier = before.get(tag);
    if (earlier === undefined) return [];
    const variant = inside(place, `.${names.source}`);
    if (type !== null && earlier !== null) return compareTypes(earlier, type, variant, differ);
    if (type === earlier) return [];
    const text = (each: Type | null) => (each === null ? "without a value" : differ.typeText(each));
    return differ.other(variant, text(earlier), text(type));
  });
  return [...compareSets("the variant ", numbered(old), numbered(now), place, differ), ...common];
}

/** Values by their order, because names are not on the wire: the fields of what is at `place`: a struct, a result, an error. */
export function compareFields(
  old: readonly Field[],
  now: readonly Field[],
  place: Place,
  differ: Differ,
): Differences {
  const common = now.flatMap(({ type, names }, index) => {
    const before = old[index]?.type;
    return before === undefined ? [] : compareTypes(before, type, inside(place, `.${names.source}`), differ);
  });
  return old.length === now.length ? common : [...common, ...otherCount(old, now, place, null, differ)];
}

/** More or fewer of them; `added` is an argument that a default could mend. */
export function otherCount(
  old: readonly Field[],
  now: readonly Field[],
  place: Place,
  added: Field | null,
  differ: Differ,
): Differences {
  return tell("RPC5006", place.span, {
    ...{ place: textOf(place), name: differ.name, old: countText(old), now: countText(now) },
    suggestion: added === null ? null : quote(`${added.names.source}: … = …`),
  });
}

export function countText({ length }: readonly Field[]): string {
  if (length === 0) return "nothing";
  return length === 1 ? "1 value" : `${length} values`;
}
