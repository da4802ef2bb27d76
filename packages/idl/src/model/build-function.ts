/** Functions: their parameters with defaults, what they answer with, and how the data goes on after it. */
import { quote } from "../source/quote.js";
import type { FunctionNode, ResultNode, TypeNode } from "../syntax/ast.js";
import { buildDefaults } from "./build-defaults.js";
import { buildMessageEnd, buildSequence, refuseDefaults } from "./build-fields.js";
import { buildType } from "./build-type.js";
import { type Building, describe, sourceText } from "./building.js";
import { hashName } from "./hash-name.js";
import { fixedSize, sizeOfSequence } from "./layout.js";
import type { EmptyAnswer, Field, FunctionDeclaration, Result, SizeRange, Transfer, Type } from "./model.js";

/** What an interface gives to every function that does not say it itself. */
export interface Inherited {
  readonly throws: boolean;
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
  const answer = buildAnswer(node.result, node, building);
  if (parameters === null || answer === null) return null;
  const throws = node.throws || inherited.throws;
  const { fields, size, firstDefault } = parameters;
  const declaration: FunctionDeclaration = {
    ...about,
    wireName,
    id: hashName(wireName),
    parameters: { fields, size },
    firstDefault,
    accepts: acceptedSize(fields, firstDefault, size),
    result: answer.result,
    transfer: answer.transfer,
    throws,
    emptyAnswer: throws ? "failed" : emptyAnswerOf(answer.result),
    timeout: {
      sendMs: notes.timeout.sendMs ?? inherited.timeout.sendMs,
      recvMs: notes.timeout.recvMs ?? inherited.timeout.recvMs,
    },
  };
  return { declaration, wireStated: notes.wire !== null };
}

interface Parameters {
  readonly fields: readonly Field[];
  readonly size: SizeRange;
  readonly firstDefault: number;
}

function buildParameters(node: FunctionNode, building: Building): Parameters | null {
  const what = `The argument of ${quote(node.name.text)}`;
  const sequence = { isMessage: true, place: "a parameter", what, span: node.name.span } as const;
  const built = buildSequence(node.parameters, sequence, building);
  return built === null ? null : buildDefaults(built, building);
}

/** An argument may end before any of the parameters with a default. */
function acceptedSize(fields: readonly Field[], firstDefault: number, size: SizeRange): SizeRange {
  const needed = sizeOfSequence(fields.slice(0, firstDefault).map((field) => field.type.size));
  return { min: needed.min, max: size.max };
}

interface Answer {
  readonly result: Result;
  readonly transfer: Transfer;
}

const nothing: Result = { kind: "nothing", size: fixedSize(0) };
const call: Transfer = { kind: "call" };

function buildAnswer(node: ResultNode, owner: FunctionNode, building: Building): Answer | null {
  switch (node.kind) {
    case "unknown":
      return null;
    case "nothing":
      return { result: nothing, transfer: call };
    case "several": {
      const result = buildSeveral(node, owner, building);
      return result === null ? null : { result, transfer: call };
    }
    case "single": {
      if (node.type.kind === "generic") return buildTransfer(node.type, building);
      const written = buildType(node.type, building);
      const type = written === null ? null : buildMessageEnd(written, node.type.span, building);
      return type === null ? null : { result: { kind: "single", type, size: type.size }, transfer: call };
    }
  }
}

function buildSeveral(
  node: ResultNode & { kind: "several" },
  owner: FunctionNode,
  building: Building,
): Result | null {
  const { fields: nodes, optional, span } = node;
  if (nodes.length === 0) {
    building.report("RPC4015", span, {});
    return null;
  }
  refuseDefaults(nodes, "result", building);
  const what = `The result of ${quote(owner.name.text)}`;
  const built = buildSequence(nodes, { isMessage: true, place: "a result", what, span }, building);
  if (built === null) return null;
  const { fields, size } = built;
  if (!optional) return { kind: "several", fields, optional, size };
  if (size.min === 0) {
    building.report("RPC3006", span, { type: "`(…)`" });
    return null;
  }
  return { kind: "several", fields, optional, size: { min: 0, max: size.max } };
}

function buildTransfer(node: TypeNode & { kind: "generic" }, building: Building): Answer | null {
  const { text, span } = node.name;
  if (text === "accept") {
    building.report("RPC1017", span, { feature: "`accept<…>`" });
    return null;
  }
  if (text !== "stream" && text !== "bulk") {
    const suggestion = "`stream<…>` or `bulk<…>`";
    building.report("RPC2001", span, { name: quote(`${text}<…>`), suggestion });
    return null;
  }
  const type = buildType(node.argument, building);
  if (type === null) return null;
  const transfer = text === "stream" ? streamOf(type, node, building) : bulkOf(type, node, building);
  return transfer === null ? null : { result: nothing, transfer };
}

function streamOf(type: Type, node: TypeNode & { kind: "generic" }, building: Building): Transfer | null {
  if (type.kind !== "optional") return { kind: "stream", item: type };
  building.report("RPC4003", node.argument.span, { type: sourceText(node.argument.span, building) });
  return null;
}

function bulkOf(type: Type, node: TypeNode & { kind: "generic" }, building: Building): Transfer | null {
  if (type.kind === "bytes" && type.length.kind !== "bounded") {
    return { kind: "bulk", byteLength: type.length.kind === "fixed" ? type.length.count : null };
  }
  building.report("RPC4002", node.argument.span, { found: sourceText(node.argument.span, building) });
  return null;
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
