import { writeFileSync } from "node:fs";
import { cstSource } from "./dist/syntax/cst-source.js";
import { Grammar } from "./dist/syntax/grammar.js";

writeFileSync("src/syntax/cst.ts", cstSource(new Grammar()));
