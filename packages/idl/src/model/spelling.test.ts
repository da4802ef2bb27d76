import { expect, test } from "vitest";
import { type NameRole, spell } from "./spelling.js";

test.each<[string, NameRole, string, string]>([
  ["face_detection", "function", "faceDetection", "face_detection"],
  ["FaceDetection", "function", "faceDetection", "FaceDetection"],
  ["MAX_SIZE", "field", "maxSize", "MAX_SIZE"],
  ["x_1", "field", "x1", "x_1"],
  ["_hidden_part_", "field", "_hiddenPart_", "_hidden_part_"],
  ["__", "field", "__", "__"],
  ["Max_Size", "declaration", "Max_Size", "Max_Size"],
  ["lambda", "function", "lambda", "lambda_"],
  ["delete", "function", "delete_", "delete"],
  ["class", "field", "class_", "class_"],
  ["type", "field", "type", "type"],
  ["self", "parameter", "self", "self_"],
  ["self", "field", "self", "self"],
  ["options", "parameter", "options_", "options"],
  ["options", "field", "options", "options"],
  ["then", "function", "then_", "then"],
  ["to_string", "function", "toString_", "to_string"],
  ["__init__", "function", "__init__", "__init___"],
  ["Promise", "declaration", "Promise_", "Promise"],
  ["struct", "declaration", "struct", "struct_"],
  ["None", "enum-member", "None", "None_"],
])("%s as %s is %s and %s", (source, role, typescript, python) => {
  expect(spell(source, role)).toEqual({ source, typescript, python });
});
