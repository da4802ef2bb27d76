/** The MicroPython target: the module with packers and `serve`, a typed description of it, and a script to start from. */
import type { Model } from "@rpcgen/idl/model";
import type { GeneratedFile, Target, TargetOptions } from "../target.js";
import { declarationsView } from "./declarations-view.js";
import { classView, registrationsOf, schemaOf } from "./interface-view.js";
import { mainView } from "./main-view.js";
import { moduleName } from "./name-for-python.js";
import { createPackingContext, type Piece } from "./packing-context.js";
import { docstringLines, moduleBase, pythonString, textLines } from "./python-text.js";
import { stubView } from "./stub-view.js";
import { linkSupport, supportNames } from "./support-code.js";
import { loadTemplates, type Templates } from "./templates.js";

/** What every file of a model begins with. */
function headerOf(model: Model, options: TargetOptions) {
  return {
    version: options.generatorVersion,
    source: textLines(options.sourceFile).join(" "),
    base: moduleBase(model.fileBase),
    docstring: docstringLines(textLines(model.doc)),
  };
}

/** Every name that the file gives something at the top of its module. */
function namesOf(model: Model): string[] {
  return [...model.declarations, ...model.interfaces].map(moduleName);
}

function moduleText(model: Model, options: TargetOptions, templates: Templates): string {
  const declarations = declarationsView(model);
  const context = createPackingContext([...namesOf(model), ...supportNames(), "const", "serve"]);
  const interfaces = model.interfaces.map((declaration) => ({
    ...classView(declaration),
    schema: schemaOf(declaration, options.embedSchema),
    functions: registrationsOf(declaration, context),
  }));
  const spell = (pieces: readonly Piece[]) =>
    pieces.map((piece) => templates.spell(piece.template, piece.view).trim());
  const tables = spell(context.tables());
  const own = templates.spell("module", { ...declarations, interfaces, pieces: spell(context.pieces()) });
  const code = [own, ...tables, ...(model.interfaces.length > 0 ? ["serve"] : [])].join("\n");
  const enums = declarations.enums.filter(({ values }) => values !== null);
  const version = pythonString(options.generatorVersion);
  return templates.spell("linked-module", { own, enums, version, tables, ...linkSupport(code) });
}

/** Two empty lines between what stands at the left margin, one inside; none at the end. */
function tidy(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{4,}/g, "\n\n\n")
    .trim()}\n`;
}

/** As in the template `single`. */
const YOUR_PART = `# ${"-".repeat(64)} your part`;

export const microPythonTarget: Target = {
  name: "micropython",
  generate(model, options): readonly GeneratedFile[] {
    const templates = loadTemplates();
    const header = headerOf(model, options);
    const module = moduleText(model, options, templates);
    const main = { header, ...mainView(model, options.singleFile, options.board ?? null) };
    const file = (path: string, once: boolean, template: string, view: object): GeneratedFile => ({
      path,
      once,
      yoursFrom: null,
      text: tidy(templates.spell(template, view)),
    });
    if (options.singleFile) {
      const single = file(`${header.base}_single.py`, false, "single", { header, module, main });
      return [{ ...single, yoursFrom: YOUR_PART }];
    }
    const files = [
      file(`${header.base}_rpc.py`, false, "rpc", { header, module }),
      file(`${header.base}_rpc.pyi`, false, "stub", {
        header,
        ...stubView(model, [...namesOf(model), ...supportNames(), "serve"]),
      }),
    ];
    if (model.interfaces.length > 0) files.push(file(`${header.base}_main.py`, true, "main", main));
    return files;
  },
};
