/** Functions: their parameters with defaults, what they answer with, and how the data goes on after it. */
import { quote } from "../source/quote.js";
import type { FunctionNode } from "../syntax/ast.js";
import { type Answer, buildAnswer } from "./build-answer.js";
import { buildDefaults, type Defaulted } from "./build-defaults.js";
import { buildSequence } from "./build-fields.js";
import { buildThrows, type Throws } from "./build-throws.js";
import { type Building, describe } from "./building.js";
import { hashName } from "./hash-name.js";
import { integerBytes, maxMessageBytes, sizeOfSequence } from "./layout.js";
import type { EmptyAnswer, FunctionDeclaration, Result, SizeRange } from "./model.js";

/** What an interface gives to every function that does not say it itself. */
export interface Inherited {
  readonly throws: Throws;
  readonly timeout: FunctionDeclaration["timeout"];
}

export interface BuiltFunction {
  readonly declaration: FunctionDeclaration;
  /** The wire name was stated with `@wire`. */
  readonly wireStated: boolean;
}

export const reservedWireName = "rpcgen_schema";

export function buildFunction(
  node: FunctionNode,
  inherited: Inherited,
  building: Building,
): BuiltFunction | null {
  const { about, notes } = describe(node, "a function", building);
  const wireName = notes.wire ?? node.name.text;
  if (wireName === reservedWireName) building.report("RPC4006", node.name.span, { name: quote(wireName) });
  const parameters = buildParameters(node, building);
  const answer = buildAnswer(node, building);
  const { throws, errors } = buildThrows(node.throws, inherited.throws, building);
  if (parameters === null || answer === null) return null;
  if (notes.once) checkOnce(node, answer, building);
  const { fields, size, firstDefault } = parameters;
  const declaration: FunctionDeclaration = {
    ...about,
    wireName,
    id: hashName(wireName),
    parameters: { fields, size },
    firstDefault,
    accepts: acceptedSize(parameters, notes.once),
    ...answer,
    throws,
    errors,
    idempotent: notes.idempotent,
    once: notes.once,
    emptyAnswer: throws ? "failed" : emptyAnswerOf(answer.result),
    timeout: {
      sendMs: notes.timeout.sendMs ?? inherited.timeout.sendMs,
      recvMs: notes.timeout.recvMs ?? inherited.timeout.recvMs,
    },
  };
  checkSizes(declaration, building);
  return { declaration, wireStated: notes.wire !== null };
}

function buildParameters(node: FunctionNode, building: Building): Defaulted | null {
  const what = `The argument of ${quote(node.name.text)}`;
  const { span } = node.name;
  const sequence = { isMessage: true, place: "a parameter", role: "parameter", what, span } as const;
  const built = buildSequence(node.parameters, sequence, building);
  return built === null ? null : buildDefaults(built, building);
}

/** An argument may end before any of the parameters with a default; one to be run once starts with its number. */
function acceptedSize({ fields, firstDefault, size }: Defaulted, once: boolean): SizeRange {
  const needed = sizeOfSequence(fields.slice(0, firstDefault).map((field) => field.type.size));
  const number = once ? integerBytes.u32 : 0;
  return { min: number + needed.min, max: size.max === null ? null : number + size.max };
}

/** What is added to a message, a call number or a status, counts too. */
function checkSizes(declaration: FunctionDeclaration, building: Building): void {
  const { names, span, accepts, result, throws } = declaration;
  const answer = result.size.max === null ? null : result.size.max + (throws ? 1 : 0);
  for (const [what, bytes] of [["argument", accepts.max] as const, ["result", answer] as const]) {
    if (bytes === null || bytes <= maxMessageBytes) continue;
    building.report("RPC3007", span, { what: `The ${what} of ${quote(names.source)}`, bytes });
  }
}

/** A slave keeps the last answer, so it must be one, and of a size that is known. */
function checkOnce(node: FunctionNode, { result, transfer }: Answer, building: Building): void {
  const name = quote(node.name.text);
  const { span } = node.name;
  if (transfer.kind !== "call") building.report("RPC4021", span, { name, answers: `\`${transfer.kind}\`` });
  else if (result.size.max === null) {
    building.report("RPC4021", span, { name, answers: "a result without bound" });
  }
}

function emptyAnswerOf(result: Result): EmptyAnswer {
  switch (result.kind) {
    case "nothing":
      return "value";
    case "single":
      if (result.type.kind === "optional") return "none";
      return result.size.min === 0 ? "value" : "failed";
    case "several":
      if (result.optional) return "none";
      return result.size.min === 0 ? "value" : "failed";
  }
}
