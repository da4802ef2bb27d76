/** Spells views with the templates of this target. A template decides nothing that the view has not. */
import { compileTemplates } from "./compile-templates.js";

export interface Templates {
  /** The text of a view; pieces of it name their own templates. */
  spell(template: string, view: object): string;
}

export function loadTemplates(): Templates {
  const templates = compileTemplates();
  return {
    spell(name, view) {
      const template = templates.get(name);
      if (template === undefined) throw new Error(`there is no template "${name}"`);
      return template(view);
    },
  };
}
