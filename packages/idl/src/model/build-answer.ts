/** What a function answers with, and how the data goes on after it: stream, accept or bulk. */
import { quote } from "../source/quote.js";
import type { FieldNode, FunctionNode, TypeNode, WithNode } from "../syntax/ast.js";
import { buildMessageEnd, buildSequence, isPadding, refuseDefaults } from "./build-fields.js";
import { buildType } from "./build-type.js";
import { type Building, sourceText } from "./building.js";
import { fixedSize } from "./layout.js";
import type { Field, Result, Span, Transfer, Type } from "./model.js";

export interface Answer {
  readonly result: Result;
  readonly transfer: Transfer;
}

type GenericNode = TypeNode & { kind: "generic" };
type Several = Result & { kind: "several" };

const nothing: Result = { kind: "nothing", size: fixedSize(0) };
const call: Transfer = { kind: "call" };

export function buildAnswer(owner: FunctionNode, building: Building): Answer | null {
  const node = owner.result;
  if (node.kind === "single" && node.type.kind === "generic") {
    return buildTransfer(node.type, owner, building);
  }
  if (owner.with !== null && node.kind !== "unknown") {
    building.report("RPC4019", owner.with.span, { name: quote(owner.name.text) });
  }
  const result = buildResult(owner, building);
  return result === null ? null : { result, transfer: call };
}

function buildResult(owner: FunctionNode, building: Building): Result | null {
  const node = owner.result;
  switch (node.kind) {
    case "unknown":
      return null;
    case "nothing":
      return nothing;
    case "several": {
      const what = `The result of ${quote(owner.name.text)}`;
      const built = buildSeveral(node.fields, what, node.span, building);
      if (built === null || !node.optional) return built;
      if (built.size.min > 0) return { ...built, optional: true, size: { min: 0, max: built.size.max } };
      building.report("RPC3006", node.span, { type: "`(…)`" });
      return null;
    }
    case "single": {
      const written = buildType(node.type, building);
      const type = written === null ? null : buildMessageEnd(written, node.type.span, building);
      return type === null ? null : { kind: "single", type, size: type.size };
    }
  }
}

function buildSeveral(
  nodes: readonly FieldNode[],
  what: string,
  span: Span,
  building: Building,
): Several | null {
  if (nodes.every(isPadding)) {
    building.report("RPC4015", span, {});
    return null;
  }
  refuseDefaults(nodes, "result", building);
  const sequence = { isMessage: true, place: "a result", role: "field", what, span } as const;
  const built = buildSequence(nodes, sequence, building);
  if (built === null) return null;
  return { kind: "several", fields: built.fields, optional: false, size: built.size };
}

function buildTransfer(node: GenericNode, owner: FunctionNode, building: Building): Answer | null {
  const { text, span } = node.name;
  const part = owner.with === null ? nothing : buildWith(owner.with, owner, building);
  if (text !== "stream" && text !== "accept" && text !== "bulk") {
    const suggestion = "`stream<…>`, `accept<…>` or `bulk<…>`";
    building.report("RPC2001", span, { name: quote(`${text}<…>`), suggestion });
    return null;
  }
  const type = buildType(node.argument, building);
  if (type === null) return null;
  const transfer = text === "bulk" ? bulkOf(type, node, part, building) : itemsOf(text, type, node, building);
  return transfer === null || part === null ? null : { result: part, transfer };
}

function buildWith(node: WithNode, owner: FunctionNode, building: Building): Result | null {
  if (node.damaged) return null;
  const what = `The \`with\` part of ${quote(owner.name.text)}`;
  return buildSeveral(node.fields, what, node.span, building);
}

function itemsOf(
  kind: "stream" | "accept",
  item: Type,
  node: GenericNode,
  building: Building,
): Transfer | null {
  if (item.kind !== "optional") return { kind, item };
  building.report("RPC4003", node.argument.span, { type: sourceText(node.argument.span, building) });
  return null;
}

function bulkOf(type: Type, node: GenericNode, part: Result | null, building: Building): Transfer | null {
  if (type.kind !== "bytes" || type.length.kind === "bounded") {
    building.report("RPC4002", node.argument.span, { found: sourceText(node.argument.span, building) });
    return null;
  }
  if (type.length.kind === "fixed") return { kind: "bulk", byteLength: type.length.count, sizeField: null };
  const fields = part?.kind === "several" ? part.fields : [];
  const index = fields.findIndex((field) => field.names.source === "size");
  const size = fields[index];
  if (size === undefined) return { kind: "bulk", byteLength: null, sizeField: null };
  if (isLength(size)) return { kind: "bulk", byteLength: null, sizeField: index };
  building.report("RPC4020", size.span, {});
  return null;
}

/** A number without sign that no transfer exceeds. */
function isLength({ type }: Field): boolean {
  return type.kind === "integer" && type.min === 0n && type.name !== "u64";
}
