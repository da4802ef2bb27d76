/**
 * The Handlebars templates of this target, read from the package's folder and compiled as they are used.
 * The bundled command has this module replaced by one with the same export that holds them compiled.
 */
import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars";
import { templateOptions } from "./template-options.js";

// Beside `src` and `dist` alike: the compiler copies no templates.
const FOLDER = new URL("../../templates/micropython/", import.meta.url);

/** By name. The templates that one names as a part of itself are among them. */
export type CompiledTemplates = ReadonlyMap<string, (view: object) => string>;

export function compileTemplates(): CompiledTemplates {
  const handlebars = Handlebars.create();
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".hbs"));
  return new Map(
    files.map((file) => {
      const name = file.slice(0, -".hbs".length);
      const template = handlebars.compile(readFileSync(new URL(file, FOLDER), "utf8"), templateOptions);
      handlebars.registerPartial(name, template);
      return [name, template];
    }),
  );
}
