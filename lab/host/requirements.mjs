// What the machine must have: Linux on x86-64 with Debian's packages at hand. In CI what is missing is
// installed; elsewhere one line says what to install.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { command } from "./command.mjs";

/** Programs by the package that has them. */
const PROGRAMS = {
  "qemu-system-x86_64": "qemu-system-x86",
  busybox: "busybox-static",
  ip: "iproute2",
  gcc: "gcc",
  "g++": "g++",
  make: "make",
  python3: "python3",
  xz: "xz-utils",
};
/** The kernels are downloaded and unpacked, not installed. */
const KERNELS = ["user-mode-linux", "linux-image-amd64", "linux-headers-amd64"];

/** What the laboratory can't do without and doesn't have, as one line; null if it has everything. */
export async function findObstacle({ isCi, haveKernels, onProgress }) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `it needs Linux on x86-64, and this is ${process.platform} on ${process.arch}`;
  }
  if (!isOnPath("apt-get") || !isOnPath("dpkg-deb")) return "it needs Debian's packages (apt-get, dpkg-deb)";
  let missing = missingPackages();
  if (isCi && (missing.length > 0 || !haveKernels)) {
    onProgress(`apt-get: ${missing.join(" ") || "lists of packages"}`);
    await aptGet(["update", "-qq"]);
    if (missing.length > 0) await aptGet(["install", "-y", "-qq", "--no-install-recommends", ...missing]);
    missing = missingPackages();
  }
  if (missing.length > 0) return `missing packages; to install them: apt-get install ${missing.join(" ")}`;
  if (!haveKernels && !(await knowsKernels())) {
    return `apt-get knows no ${KERNELS.join(", ")}; on Debian \`apt-get update\` brings the lists up to date`;
  }
  return null;
}

function missingPackages() {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program));
  return [...new Set(missing.map(([, name]) => name))];
}

/** `sbin` is not on everyone's path, and its programs are needed in the guests only. */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function aptGet(args) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const [name, ...rest] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
  return command(name, rest);
}

async function knowsKernels() {
  const known = `${await command("apt-cache", ["pkgnames"])}`.split("\n");
  return KERNELS.every((name) => known.includes(name));
}
