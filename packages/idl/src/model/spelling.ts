/** How names are spelled in each target, and which spellings a target keeps for itself. */
import type { Names } from "./model.js";
import { pythonModuleWords, pythonWords, typescriptModuleWords, typescriptWords } from "./reserved-words.js";

/** Where a name ends up decides how it is spelled and what it may not collide with. */
export type NameRole = "declaration" | "enum-member" | "field" | "error-field" | "parameter" | "function";

/** Names that generated functions use beside the parameters. */
const typescriptParameters: ReadonlySet<string> = new Set(["options", "context", "chunks", "byteLength"]);

/** Members that give an object a meaning of its own: a `then` would make a stub look like a promise. */
const typescriptMembers: ReadonlySet<string> = new Set([
  "constructor",
  "then",
  "toJSON",
  "toString",
  "valueOf",
  "__proto__",
]);

/** An error is an object of the runtime's own class, so its fields leave that class's alone. */
const typescriptErrorMembers: ReadonlySet<string> = new Set([
  "cause",
  "code",
  "executed",
  "message",
  "name",
  "phase",
  "stack",
]);
const pythonErrorMembers: ReadonlySet<string> = new Set(["add_note", "args", "with_traceback"]);

export function spell(source: string, role: NameRole): Names {
  return { source, typescript: spellTypescript(source, role), python: spellPython(source, role) };
}

function spellTypescript(source: string, role: NameRole): string {
  const asWritten = role === "declaration" || role === "enum-member";
  const name = asWritten ? source : camelCase(source);
  const taken =
    typescriptWords.has(name) ||
    (role === "declaration" && typescriptModuleWords.has(name)) ||
    (role === "parameter" && typescriptParameters.has(name)) ||
    (role === "error-field" && typescriptErrorMembers.has(name)) ||
    (role !== "declaration" && typescriptMembers.has(name));
  return taken ? `${name}_` : name;
}

function spellPython(source: string, role: NameRole): string {
  const taken =
    pythonWords.has(source) ||
    (role === "declaration" && pythonModuleWords.has(source)) ||
    // Methods of the class that a person derives, and what its methods call themselves.
    (role === "parameter" && source === "self") ||
    (role === "error-field" && pythonErrorMembers.has(source)) ||
    /^__.*__$/.test(source);
  return taken ? `${source}_` : source;
}

/** `face_detection` and `FaceDetection` → `faceDetection`, `MAX_SIZE` → `maxSize`; outer underscores stay. */
export function camelCase(source: string): string {
  const [, lead = "", body = "", trail = ""] = /^(_*)(.*?)(_*)$/.exec(source) ?? [];
  const words = /[a-z]/.test(body) ? body : body.toLowerCase();
  const joined = words.replace(/_+(.)/g, (_, letter: string) => letter.toUpperCase());
  return lead + joined.charAt(0).toLowerCase() + joined.slice(1) + trail;
}
