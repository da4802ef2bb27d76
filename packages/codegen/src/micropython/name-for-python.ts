/**
 * The names of a file in the generated module. They are the model's, but for those that begin with `_` and
 * that the module needs for itself: these get one more `_`, as every name does that a language cannot use.
 */
import type { About } from "@rpcgen/idl/model";
import { supportNames } from "./support-code.js";

function moved(name: string, isTaken: (plain: string) => boolean): string {
  // Whoever is called `_Reader_` must move too, out of the way of what was `_Reader`.
  return isTaken(name.replace(/_+$/, "")) ? `${name}_` : name;
}

/** Of what stands at the top of the module: a declaration or an interface. */
export function moduleName({ names }: About): string {
  return names.python.startsWith("_")
    ? moved(names.python, (plain) => supportNames().has(plain))
    : names.python;
}

/** Of a method of an interface's class. */
export function methodName({ names }: About): string {
  return moved(names.python, (plain) => plain === "_rpcgen_functions" || plain === "_rpcgen_schema");
}
