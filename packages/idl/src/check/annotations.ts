/** Annotations: which there are, where each may stand, and what it takes. */
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { AnnotationNode, Described, ValueNode } from "../syntax/ast.js";
import { nearest } from "./nearest.js";

export type Place =
  | "a constant"
  | "an enum"
  | "an enum member"
  | "a type"
  | "a struct"
  | "a field"
  | "a parameter"
  | "a result"
  | "an interface"
  | "a function";

export interface Timeout {
  readonly sendMs: number | null;
  readonly recvMs: number | null;
}

/** What the annotations of one thing say; null where nothing is said. */
export interface Notes {
  readonly deprecated: string | null;
  readonly unit: string | null;
  readonly media: string | null;
  readonly wire: string | null;
  readonly timeout: Timeout;
}

interface Rule {
  readonly places: readonly Place[];
  readonly example: string;
  /** Belongs to a later version. */
  readonly later: boolean;
}

const values: readonly Place[] = ["a constant", "a type", "a field", "a parameter", "a result"];
const anything: readonly Place[] = [
  ...values,
  "an enum",
  "an enum member",
  "a struct",
  "an interface",
  "a function",
];

const rules: ReadonlyMap<string, Rule> = new Map([
  [
    "timeout",
    { places: ["an interface", "a function"], example: "@timeout(send = 1s, recv = 5s)", later: false },
  ],
  ["media", { places: values, example: '@media("image/jpeg")', later: false }],
  ["wire", { places: ["a function"], example: '@wire("jpeg_snapshot")', later: false }],
  ["unit", { places: values, example: '@unit("ms")', later: false }],
  ["deprecated", { places: anything, example: '@deprecated("use snapshot")', later: false }],
  ["idempotent", { places: ["a function"], example: "@idempotent", later: true }],
  ["once", { places: ["a function"], example: "@once", later: true }],
  ["range", { places: ["a field", "a parameter"], example: "@range(0, 100)", later: true }],
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
  if (rule.later) report("RPC1017", span, { feature: name });
  return !rule.later;
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
  }
}
