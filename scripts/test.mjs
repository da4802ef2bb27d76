// `npm test`: every test there is. Arguments go on to vitest: `npm test -- packages/idl`.
import { run } from "./run.mjs";

run("node_modules/.bin/vitest", ["run", ...process.argv.slice(2)]);
