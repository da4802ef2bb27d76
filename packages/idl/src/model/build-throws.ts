/** What a function may answer with beside its result: the errors of its interface and its own. */
import { noErrors } from "../check/builtin-types.js";
import { uniqueNames } from "../check/unique-names.js";
import { quote } from "../source/quote.js";
import type { NameNode, ThrowsNode } from "../syntax/ast.js";
import type { Building } from "./building.js";
import type { ErrorDeclaration } from "./model.js";

export interface Throws {
  /** A status byte stands before the result. */
  readonly throws: boolean;
  /** By number. */
  readonly errors: readonly ErrorDeclaration[];
}

const nothing: Throws = { throws: false, errors: [] };

/** `throws` of an interface. */
export function buildInterfaceThrows(node: ThrowsNode | null, building: Building): Throws {
  const none = node?.names.find((name) => name.text === noErrors);
  if (none !== undefined) building.report("RPC4016", none.span, {});
  return node === null ? nothing : { throws: true, errors: errorsOf(node, [], building) };
}

/** A function's own list adds to that of its interface; `throws none` takes all of it away. */
export function buildThrows(node: ThrowsNode | null, inherited: Throws, building: Building): Throws {
  if (node === null) return inherited;
  const none = node.names.find((name) => name.text === noErrors);
  if (none !== undefined) {
    if (node.names.length > 1) building.report("RPC4016", none.span, {});
    return nothing;
  }
  return { throws: true, errors: errorsOf(node, inherited.errors, building) };
}

function errorsOf(
  node: ThrowsNode,
  inherited: readonly ErrorDeclaration[],
  building: Building,
): readonly ErrorDeclaration[] {
  const byNumber = new Map(inherited.map((error) => [error.number, error]));
  const written = node.names.filter((name) => name.text !== noErrors).map((name) => ({ name }));
  for (const { name } of uniqueNames(written, "Error", building.report)) {
    const error = findError(name, building);
    if (error === null) continue;
    const same = byNumber.get(error.number);
    if (same === undefined) byNumber.set(error.number, error);
    else if (same !== error) {
      const [one, other] = [quote(name.text), quote(same.names.source)];
      building.report("RPC4017", name.span, { name: one, other, number: error.number });
    }
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

function findError(name: NameNode, building: Building): ErrorDeclaration | null {
  const node = building.scope.findError(name);
  const declaration = node === null ? undefined : building.built.get(node);
  return declaration?.kind === "error" ? declaration : null;
}
