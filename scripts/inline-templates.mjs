// A plugin for esbuild: the MicroPython templates go into the bundle compiled, the support code as text, in
// place of the two modules that read them from the folder of @rpcgen/codegen.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { root } from "./run.mjs";

const CODEGEN = join(root, "packages", "codegen");
const TEMPLATES = join(CODEGEN, "templates", "micropython");
const SUPPORT = join(TEMPLATES, "support");

const listed = (folder, ending) => readdirSync(folder).filter((name) => name.endsWith(ending));
const withoutEnding = (name) => name.slice(0, name.lastIndexOf("."));

export const inlineTemplates = {
  name: "inline-templates",
  setup(build) {
    build.onLoad({ filter: /[\\/]micropython[\\/]compile-templates\.js$/ }, async () => ({
      contents: await templatesModule(),
      resolveDir: CODEGEN,
    }));
    build.onLoad({ filter: /[\\/]micropython[\\/]support-files\.js$/ }, () => ({
      contents: supportModule(),
      resolveDir: CODEGEN,
    }));
  },
};

/** What is inlined, relative to the root. */
export function inlinedFiles() {
  const found = [
    ...listed(TEMPLATES, ".hbs").map((name) => join(TEMPLATES, name)),
    ...listed(SUPPORT, ".py").map((name) => join(SUPPORT, name)),
  ];
  return found.map((path) => relative(root, path));
}

async function templatesModule() {
  const handlebars = createRequire(join(CODEGEN, "package.json"))("handlebars");
  const { templateOptions } = await import("../packages/codegen/dist/micropython/template-options.js");
  const entries = listed(TEMPLATES, ".hbs").map((name) => {
    const compiled = handlebars.precompile(readFileSync(join(TEMPLATES, name), "utf8"), templateOptions);
    return `${JSON.stringify(withoutEnding(name))}: ${compiled}`;
  });
  return `
    import Handlebars from "handlebars/runtime.js";
    const compiled = { ${entries.join(",\n")} };
    export function compileTemplates() {
      const handlebars = Handlebars.create();
      return new Map(Object.entries(compiled).map(([name, spec]) => {
        const template = handlebars.template(spec);
        handlebars.registerPartial(name, template);
        return [name, template];
      }));
    }`;
}

function supportModule() {
  const entries = listed(SUPPORT, ".py").map((name) => {
    return [withoutEnding(name), readFileSync(join(SUPPORT, name), "utf8")];
  });
  return `
    const texts = new Map(${JSON.stringify(entries)});
    export const readSupportFile = (name) => texts.get(name);`;
}
