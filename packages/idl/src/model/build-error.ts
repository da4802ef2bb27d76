/** Errors that a function may answer with: a number for the status byte, and fields behind it. */
import { quote } from "../source/quote.js";
import type { ErrorNode } from "../syntax/ast.js";
import { buildSequence, refuseDefaults } from "./build-fields.js";
import { buildInteger } from "./build-value.js";
import { type Building, describe, sourceText } from "./building.js";
import { maxMessageBytes } from "./layout.js";
import type { ErrorDeclaration } from "./model.js";

/** 0 is the result; 128 and more are the protocol's own. */
const maxNumber = 127;

export function buildError(node: ErrorNode, building: Building): ErrorDeclaration | null {
  const { about } = describe(node, "an error", building);
  const number = buildNumber(node, building);
  refuseDefaults(node.fields, "field of an error", building);
  const what = `The error ${quote(node.name.text)}`;
  const { span } = node.name;
  const sequence = { isMessage: true, place: "a field", role: "error-field", what, span } as const;
  const built = buildSequence(node.fields, sequence, building);
  if (number === null || built === null || node.damaged) return null;
  const { fields, size } = built;
  // The status byte stands before the fields.
  if (size.max === null || size.max < maxMessageBytes)
    return { ...about, kind: "error", number, fields, size };
  building.report("RPC3007", span, { what, bytes: size.max + 1 });
  return null;
}

function buildNumber(node: ErrorNode, building: Building): number | null {
  const value = node.number === null ? null : buildInteger(node.number, building);
  if (value === null || node.number === null) return null;
  if (value >= 1n && value <= maxNumber) return Number(value);
  const { span } = node.number;
  building.report("RPC4018", span, { max: maxNumber, found: sourceText(span, building) });
  return null;
}
