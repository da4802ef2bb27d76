#!/usr/bin/env node
// Starts the command: one bundled file, which the build makes. V8's compiled form of it is kept beside it, which
// saves about a third of what a start takes on top of Node's own. Its name says which bundle, Node and processor
// it is for, and V8 refuses it under other flags. It is written once, by the first run that generated code and so
// has compiled what such a run needs; where the folder is read-only, nothing is kept.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const bundle = path.join(__dirname, "..", "bundle", "rpcgen.cjs");
const source = readBundle();
const digest = source.slice(3, source.indexOf("\n"));
const cache = path.join(path.dirname(bundle), `${digest}-${process.version}-${process.arch}.cache`);
const cachedData = readIfThere(cache);

const script = new vm.Script(
  `(function (exports, require, module, __filename, importOutside) {${source}\n})`,
  {
    filename: bundle,
    ...(cachedData !== null && { cachedData }),
  },
);
const main = { exports: {} };
// A script that V8 is given like this can't import by itself.
script.runInThisContext()(main.exports, require, main, bundle, (name) => import(name));
main.exports.run.then(({ kind, exitCode }) => {
  if (cachedData === null && kind === "generate" && exitCode === 0) keepCompiled();
});

function readBundle() {
  const text = readIfThere(bundle);
  if (text !== null) return text.toString();
  process.stderr.write(`rpcgen: ${bundle} is missing; in a checkout \`npm run build\` makes it\n`);
  process.exit(70);
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return null;
  }
}

/** Under its name only when all of it is on the disk: V8 takes what it is given at its word. */
function keepCompiled() {
  const temporary = `${cache}.${process.pid}.tmp`;
  try {
    const file = fs.openSync(temporary, "wx");
    try {
      fs.writeFileSync(file, script.createCachedData());
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(temporary, cache);
  } catch {
    tryToRemove(temporary);
  }
}

function tryToRemove(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // The folder is read-only.
  }
}
