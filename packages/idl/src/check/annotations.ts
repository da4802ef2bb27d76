/** Annotations: which there are, where each may stand, and what it takes. */
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { Span } from "../source/span.js";
import type { AnnotationNode, Described, ValueNode } from "../syntax/ast.js";
import { nearest } from "./nearest.js";

export type Place =
  | "a constant"
  | "an enum"
  | "an enum member"
  | "flags"
  | "a flag"
  | "a type"
  | "a struct"
  | "a union"
  | "a variant"
  | "an error"
  | "a field"
  | "a parameter"
  | "a result"
  | "an interface"
  | "a function";

export interface Timeout {
  readonly sendMs: number | null;
  readonly recvMs: number | null;
}

/** Bounds as written; what they are worth depends on the type that they bound. */
export interface RangeNotes {
  readonly min: ValueNode | null;
  readonly max: ValueNode | null;
  readonly span: Span;
}

/** What the annotations of one thing say; null where nothing is said. */
export interface Notes {
  readonly deprecated: string | null;
  readonly unit: string | null;
  readonly media: string | null;
  readonly wire: string | null;
  readonly timeout: Timeout;
  readonly range: RangeNotes | null;
  readonly idempotent: boolean;
  readonly once: boolean;
}

interface Rule {
  readonly places: readonly Place[];
  readonly example: string;
}

const values: readonly Place[] = ["a constant", "a type", "a field", "a variant", "a parameter", "a result"];
const anything: readonly Place[] = [
  ...values,
  "an enum",
  "an enum member",
  "flags",
  "a flag",
  "a struct",
  "a union",
  "an error",
  "an interface",
  "a function",
];

const rules: ReadonlyMap<string, Rule> = new Map([
  ["timeout", { places: ["an interface", "a function"], example: "@timeout(send = 1s, recv = 5s)" }],
  ["media", { places: values, example: '@media("image/jpeg")' }],
  ["wire", { places: ["a function"], example: '@wire("jpeg_snapshot")' }],
  ["unit", { places: values, example: '@unit("ms")' }],
  ["deprecated", { places: anything, example: '@deprecated("use snapshot")' }],
  ["idempotent", { places: ["a function"], example: "@idempotent" }],
  ["once", { places: ["a function"], example: "@once" }],
  ["range", { places: ["a field", "a parameter"], example: "@range(0, 100)" }],
]);

export function readAnnotations(described: Described, place: Place, report: Report): Notes {
  const found = new Map<string, AnnotationNode>();
  for (const annotation of described.annotations) {
    if (!isAllowed(annotation, place, report)) continue;
    const { text, span } = annotation.name;
    if (found.has(text)) report("RPC4009", span, { name: quote(`@${text}`) });
    else found.set(text, annotation);
  }
  const text = (name: string, accepts: (text: string) => boolean, expected: string) =>
    readText(found.get(name), accepts, expected, report);
  return {
    deprecated: text("deprecated", (reason) => reason !== "", "a reason in quotes"),
    unit: text("unit", (unit) => unit !== "", "a unit in quotes"),
    media: text("media", (media) => /^[\w.+-]+\/[\w.+-]+$/.test(media), "a media type in quotes"),
    wire: text("wire", (name) => /^[\x21-\x7e]+$/.test(name), "a name of ASCII characters in quotes"),
    timeout: readTimeout(found.get("timeout"), report),
    range: readRange(found.get("range"), report),
    idempotent: readBare(found.get("idempotent"), report),
    once: readBare(found.get("once"), report),
  };
}

function isAllowed(annotation: AnnotationNode, place: Place, report: Report): boolean {
  const { text, span } = annotation.name;
  const name = quote(`@${text}`);
  const rule = rules.get(text);
  if (rule === undefined) {
    const near = nearest(text, rules.keys());
    report("RPC4007", span, { name, suggestion: near === null ? null : near.replace("`", "`@") });
    return false;
  }
  if (!rule.places.includes(place)) {
    report("RPC4008", span, { name, place, allowed: listOf(rule.places) });
    return false;
  }
  return true;
}

function listOf(places: readonly Place[]): string {
  return places.length === 1 ? `${places[0]}` : `${places.slice(0, -1).join(", ")} or ${places.at(-1)}`;
}

function readText(
  annotation: AnnotationNode | undefined,
  accepts: (text: string) => boolean,
  expected: string,
  report: Report,
): string | null {
  if (annotation === undefined) return null;
  const [first, second] = annotation.arguments;
  const value = first?.value;
  if (second === undefined && first?.name === null && value?.kind === "string" && accepts(value.value)) {
    return value.value;
  }
  refuse(annotation, expected, second === undefined ? describe(value) : "several arguments", report);
  return null;
}

function readTimeout(annotation: AnnotationNode | undefined, report: Report): Timeout {
  let sendMs: number | null = null;
  let recvMs: number | null = null;
  if (annotation?.arguments.length === 0) refuse(annotation, "send, recv or both", "nothing", report);
  for (const { name, value } of annotation?.arguments ?? []) {
    if (annotation === undefined) continue;
    const repeated = name?.text === "send" ? sendMs !== null : recvMs !== null;
    if ((name?.text !== "send" && name?.text !== "recv") || repeated) {
      refuse(
        annotation,
        "send and recv, each once",
        name === null ? describe(value) : quote(name.text),
        report,
      );
    } else if (value.kind !== "duration" || value.ms < 1 || !Number.isInteger(value.ms)) {
      refuse(annotation, "times of 1ms or more", describe(value), report);
    } else if (name.text === "send") sendMs = value.ms;
    else recvMs = value.ms;
  }
  return { sendMs, recvMs };
}

/** `@range(0, 100)`, or `@range(min = 0)` with the other side, or both, by name. */
function readRange(annotation: AnnotationNode | undefined, report: Report): RangeNotes | null {
  if (annotation === undefined) return null;
  const [first, second, third] = annotation.arguments;
  const names = annotation.arguments.map(({ name }) => name?.text ?? null);
  const byPlace = second !== undefined && third === undefined && names.every((name) => name === null);
  const byName =
    names.length > 0 &&
    names.every((name) => name === "min" || name === "max") &&
    new Set(names).size === names.length;
  if (!byPlace && !byName) {
    const odd = annotation.arguments.find(({ name }) => name !== null && !/^(min|max)$/.test(name.text));
    const found = odd?.name?.text ?? null;
    const count = ["no argument", "one argument", "two arguments"][names.length] ?? "more arguments";
    refuse(annotation, "a smallest and a largest number", found === null ? count : quote(found), report);
    return null;
  }
  const named = (name: string) => annotation.arguments.find((each) => each.name?.text === name)?.value;
  const min = (byPlace ? first?.value : named("min")) ?? null;
  const max = (byPlace ? second.value : named("max")) ?? null;
  return { min, max, span: annotation.span };
}

/** An annotation without arguments. */
function readBare(annotation: AnnotationNode | undefined, report: Report): boolean {
  const first = annotation?.arguments[0];
  if (annotation !== undefined && first !== undefined) {
    refuse(annotation, "nothing", describe(first.value), report);
  }
  return annotation !== undefined && first === undefined;
}

function refuse(annotation: AnnotationNode, expected: string, found: string, report: Report): void {
  const { text } = annotation.name;
  const example = quote(rules.get(text)?.example ?? "");
  report("RPC4010", annotation.span, { name: quote(`@${text}`), expected, found, example });
}

function describe(value: ValueNode | undefined): string {
  switch (value?.kind) {
    case undefined:
      return "nothing";
    case "integer":
    case "float":
    case "bool":
      return quote(`${value.value}`);
    case "string":
      return quote(JSON.stringify(value.value));
    case "duration":
      return quote(`${value.ms}ms`);
    case "null":
      return "`null`";
    case "name":
      return quote(value.name.text);
    case "set":
      return "several names";
  }
}
