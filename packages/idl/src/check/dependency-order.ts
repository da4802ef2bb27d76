/**
 * In which order declarations can be worked out: each after what it is made of. Walks with a stack of its own,
 * so that a long chain of declarations does not exhaust the machine's.
 */
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { DeclarationNode, FieldNode, NameNode, TypeNode, ValueNode } from "../syntax/ast.js";
import type { Scope } from "./scope.js";

/** A path longer than this says no more than its beginning and its end. */
const maxPathShown = 8;

/**
 * All declarations in order. Those that contain themselves are reported; they find no type for their own part
 * and so end without one, but their other mistakes are found too.
 */
export function dependencyOrder(scope: Scope, report: Report): readonly DeclarationNode[] {
  const state = new Map<DeclarationNode, "open" | "done">();
  const cyclic = new Set<DeclarationNode>();
  const order: DeclarationNode[] = [];
  const path: { node: DeclarationNode; next: DeclarationNode[] }[] = [];
  const enter = (node: DeclarationNode) => {
    state.set(node, "open");
    path.push({ node, next: dependencies(node, scope).reverse() });
  };
  for (const root of scope.declarations) {
    if (!state.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.next.pop();
      if (next === undefined) {
        state.set(top.node, "done");
        path.pop();
        order.push(top.node);
      } else if (state.get(next) === "open") {
        const circle = path.slice(path.findIndex((each) => each.node === next)).map((each) => each.node);
        if (!cyclic.has(next)) reportCircle(circle, report);
        for (const node of circle) cyclic.add(node);
      } else if (!state.has(next)) enter(next);
    }
  }
  return order;
}

function reportCircle(circle: readonly DeclarationNode[], report: Report): void {
  const first = circle[0];
  if (first === undefined) return;
  const names = [...circle, first].map((node) => node.name.text);
  const shown =
    names.length <= maxPathShown
      ? names
      : [...names.slice(0, maxPathShown / 2), "…", ...names.slice(-maxPathShown / 2)];
  report("RPC2010", first.name.span, { name: quote(first.name.text), path: quote(shown.join(" → "), 200) });
}

function dependencies(node: DeclarationNode, scope: Scope): DeclarationNode[] {
  const names: NameNode[] = [];
  switch (node.kind) {
    case "constant":
      namesOfType(node.type, names);
      namesOfValue(node.value, names);
      break;
    case "enum":
      namesOfType(node.base, names);
      for (const member of node.members) namesOfValue(member.value, names);
      break;
    case "flags": {
      namesOfType(node.base, names);
      const used: NameNode[] = [];
      for (const member of node.members) namesOfValue(member.value, used);
      // A member may be made of the members before it, which need nothing but themselves.
      const own = new Set(node.members.map((member) => member.name.text)).add(node.name.text);
      names.push(...used.filter((name) => !own.has(name.text)));
      break;
    }
    case "alias":
      namesOfType(node.target, names);
      break;
    case "union":
      namesOfType(node.base, names);
      for (const variant of node.variants) namesOfType(variant.type, names);
      break;
    case "error":
      namesOfValue(node.number, names);
      for (const field of node.fields) namesOfField(field, names);
      break;
    case "struct":
      for (const field of node.fields) namesOfField(field, names);
      break;
    // Nothing depends on an interface, and it is built last.
    case "interface":
      break;
  }
  return [...new Set(names.flatMap((name) => scope.find(name) ?? []))];
}

function namesOfField(field: FieldNode, into: NameNode[]): void {
  namesOfType(field.type, into);
  // Bounds of a range may be constants; no other annotation takes a name.
  for (const annotation of field.annotations) {
    if (annotation.name.text !== "range") continue;
    for (const { value } of annotation.arguments) namesOfValue(value, into);
  }
}

function namesOfType(type: TypeNode | null, into: NameNode[]): void {
  for (let node = type; node !== null; ) {
    switch (node.kind) {
      case "name":
        into.push(node.name);
        return;
      case "generic":
        node = node.argument;
        break;
      case "optional":
        node = node.value;
        break;
      case "sized":
        if (node.length.kind === "fixed") namesOfValue(node.length.count, into);
        if (node.length.kind === "bounded") namesOfValue(node.length.max, into);
        node = node.item;
        break;
    }
  }
}

function namesOfValue(value: ValueNode | null, into: NameNode[]): void {
  if (value?.kind === "name") into.push(value.name);
  if (value?.kind === "set") for (const part of value.parts) namesOfValue(part, into);
}
