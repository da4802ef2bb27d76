/** Spells views with the Handlebars templates of this target. A template decides nothing that the view has not. */
import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars";

// Beside `src` and `dist` alike: the compiler copies no templates.
const FOLDER = new URL("../../templates/micropython/", import.meta.url);

export interface Templates {
  /** The text of a view; pieces of it name their own templates. */
  spell(template: string, view: object): string;
}

export function loadTemplates(): Templates {
  const handlebars = Handlebars.create();
  const options = { noEscape: true, strict: true, preventIndent: false };
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".hbs"))) {
    handlebars.registerPartial(file.slice(0, -".hbs".length), readFileSync(new URL(file, FOLDER), "utf8"));
  }
  return {
    spell: (template, view) =>
      handlebars.compile(`{{> (lookup . "template") view}}`, options)({ template, view }),
  };
}
