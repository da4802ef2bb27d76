// The laboratory's own kernel modules (lab/kernel), compiled against Debian's headers.
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/run.mjs";
import { cachedFolder } from "./cache.mjs";
import { command } from "./command.mjs";
import { prepareHeaders } from "./kernels.mjs";

const sources = join(root, "lab/kernel");

/** The folder with the compiled `*.ko`. */
export async function prepareKernelModules(release) {
  const files = readdirSync(sources);
  const hash = createHash("sha256").update(release);
  for (const file of files) hash.update(file).update(readFileSync(join(sources, file)));
  return cachedFolder(`modules-${hash.digest("hex").slice(0, 12)}`, async (into) => {
    for (const file of files) copyFileSync(join(sources, file), join(into, file));
    await command("make", ["-C", await prepareHeaders(release), `M=${into}`, "modules"]);
  });
}
