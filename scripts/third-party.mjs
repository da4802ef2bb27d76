// The licences of what is bundled into the command: each package once, with its own text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./run.mjs";

const HEAD = `The file rpcgen.cjs contains code of the following packages, each under its own licence.
`;

/** @param modules Paths of the bundled modules, relative to the root. @throws where a package has no licence text */
export function thirdPartyText(modules) {
  const folders = new Set(modules.filter((path) => path.includes("node_modules/")).map(packageFolder));
  const byText = new Map();
  for (const { title, text } of [...folders].map(licenceOf).sort((a, b) => (a.title < b.title ? -1 : 1))) {
    byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const line = "-".repeat(80);
  return [HEAD, ...[...byText].map(([text, titles]) => `${line}\n${titles.join("\n")}\n\n${text}\n`)].join(
    "\n",
  );
}

function packageFolder(module) {
  let folder = dirname(join(root, module));
  // Some packages have a nameless package.json in a folder of their own for the kind of modules in it.
  while (!existsSync(join(folder, "package.json")) || manifestOf(folder).name === undefined) {
    folder = dirname(folder);
  }
  return folder;
}

function licenceOf(folder) {
  const { name, version, license } = manifestOf(folder);
  const file = readdirSync(folder).find((entry) => /^(un)?licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined)
    throw new Error(`${name} ${version} (${license}) comes without the text of its licence`);
  return { title: `${name} ${version} (${license})`, text: readFileSync(join(folder, file), "utf8").trim() };
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
