/** Warnings that depend on the board that will serve the interface: its floats, and the heap of its scripts. */
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { FunctionDeclaration, InterfaceDeclaration, Model, Type } from "./model.js";

/** What a board can hold; a script shows its own as the size of a float and `gc.mem_free()`. */
export interface Board {
  /** Of a float of its MicroPython. */
  readonly floatBits: 32 | 64;
  /** The largest piece of its heap. Null where it is not known. */
  readonly heapBytes: number | null;
}

export function warnOfBoard(model: Model, board: Board, report: Report): void {
  for (const face of model.interfaces) {
    if (board.floatBits === 32) warnOfFloats(face, report);
    for (const each of face.functions) {
      if (board.heapBytes !== null) warnOfSize(each, board.heapBytes, report);
    }
  }
}

/** One warning an interface, like that of empty results. */
function warnOfFloats(face: InterfaceDeclaration, report: Report): void {
  const isWide = createWideTest();
  const wide = face.functions.filter((each) => typesOf(each).some(isWide));
  if (wide.length === 0) return;
  report("RPC9003", face.span, { functions: wide.map((each) => quote(each.names.source)).join(", ") });
}

/** A result is packed, and the packet around it is another copy. */
const COPIES = 2;

/** An unbounded result is the handler's to keep small. */
function warnOfSize(
  { names, span, result, transfer }: FunctionDeclaration,
  heap: number,
  report: Report,
): void {
  const item = transfer.kind === "stream" || transfer.kind === "accept" ? (transfer.item.size.max ?? 0) : 0;
  const bytes = Math.max(result.size.max ?? 0, item);
  if (bytes * COPIES > heap) report("RPC9004", span, { name: quote(names.source), bytes, heap });
}

function typesOf({ parameters, result, transfer, errors }: FunctionDeclaration): readonly Type[] {
  const fields = [
    ...parameters.fields,
    ...(result.kind === "several" ? result.fields : []),
    ...errors.flatMap((error) => error.fields),
  ];
  const types = fields.map((field) => field.type);
  if (result.kind === "single") types.push(result.type);
  if (transfer.kind === "stream" || transfer.kind === "accept") types.push(transfer.item);
  return types;
}

/** Is there an f64 in it? Each declaration is looked into once, however often it is used. */
function createWideTest(): (type: Type) => boolean {
  const known = new Map<object, boolean>();
  const once = (declaration: object, look: () => boolean): boolean => {
    const answer = known.get(declaration) ?? look();
    known.set(declaration, answer);
    return answer;
  };
  const isWide = (type: Type): boolean => {
    switch (type.kind) {
      case "float":
        return type.name === "f64";
      case "list":
        return isWide(type.item);
      case "optional":
        return isWide(type.value);
      case "struct": {
        const { fields } = type.declaration;
        return once(fields, () => fields.some((field) => isWide(field.type)));
      }
      case "union": {
        const { variants } = type.declaration;
        return once(variants, () => variants.some((each) => each.type !== null && isWide(each.type)));
      }
      default:
        return false;
    }
  };
  return isWide;
}
