/**
 * The files of the support code, read from the package's folder. The bundled command has this module
 * replaced by one with the same export that holds the texts.
 */
import { readFileSync } from "node:fs";

// Beside `src` and `dist` alike: the compiler copies no templates.
const FOLDER = new URL("../../templates/micropython/support/", import.meta.url);

export function readSupportFile(name: string): string {
  return readFileSync(new URL(`${name}.py`, FOLDER), "utf8");
}
