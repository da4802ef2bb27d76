// The two kernels, from Debian's packages: downloaded with apt-get and unpacked, never installed. Of the
// large one only the parts are kept that the guests load.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/run.mjs";
import { cachedFolder } from "./cache.mjs";
import { command } from "./command.mjs";

/** Folders of modules that the virtual machine needs. */
const MODULE_FOLDERS = ["fs", "net/9p", "net/can", "drivers/net/can", "drivers/virtio"].concat([
  "drivers/i2c",
  "drivers/spi",
  "drivers/usb",
  "drivers/char/hw_random",
]);
/** Modules that its initial memory disk loads, before it sees any file of the machine. */
const EARLY_MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay"];
const XZ_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);

/** User Mode Linux: `{ program, modules }`, paths. */
export async function prepareUserModeLinux() {
  const folder = await cachedFolder("user-mode-linux", async (into) => {
    await unpack(await download(into, ["user-mode-linux"]), into, [
      "./usr/bin/linux.uml",
      "./usr/lib/uml/modules",
    ]);
  });
  const versions = join(folder, "usr/lib/uml/modules");
  return { program: join(folder, "usr/bin/linux.uml"), modules: join(versions, readdirSync(versions)[0]) };
}

/** The kernel for QEMU: `{ release, image, initrd, modules }`; the last three are paths. */
export async function prepareKernel() {
  const folder = await cachedFolder("linux", async (into) => {
    const [name] = await dependenciesOf("linux-image-amd64", /^linux-image-[\d.]+-\d+-amd64$/);
    const release = name.replace("linux-image-", "");
    const wanted = MODULE_FOLDERS.map((part) => `./lib/modules/${release}/kernel/${part}`);
    const debs = await download(into, [name]);
    await unpack(debs, into, [
      "./boot",
      ...wanted,
      `./lib/modules/${release}/modules.builtin`,
      `./lib/modules/${release}/modules.order`,
    ]);
    await command("busybox", ["depmod", "-b", into, release]);
    await extractImage(join(into, "boot", `vmlinuz-${release}`), join(into, "vmlinux"));
    writeFileSync(join(into, "release"), release);
    rmSync(join(into, "boot"), { recursive: true });
  });
  const release = readFileSync(join(folder, "release"), "utf8");
  const modules = join(folder, "lib/modules", release);
  return { release, image: join(folder, "vmlinux"), modules };
}

/** The headers for building modules: the folder to hand to `make -C`. */
export async function prepareHeaders(release) {
  const folder = await cachedFolder(`linux-headers-${release}`, async (into) => {
    const name = `linux-headers-${release}`;
    const others = await dependenciesOf(name, /^linux-(headers-[\d.]+-\d+-common|kbuild-[\d.]+)$/);
    await unpack(await download(into, [name, ...others]), into, ["./usr"]);
  });
  const sources = join(folder, "usr/src");
  const headers = join(sources, `linux-headers-${release}`);
  // Debian's Makefile names its neighbour by where it would be installed.
  writeFileSync(
    join(headers, "Makefile"),
    `include ${join(sources, `linux-headers-${release.replace(/-amd64$/, "-common")}`)}/Makefile\n`,
  );
  return headers;
}

/** An initial memory disk (busybox, the early modules, our first process), written to `file`. */
export async function writeInitrd(modules, file) {
  const folder = `${file}.folder`;
  mkdirSync(join(folder, "bin"), { recursive: true });
  for (const name of ["modules", "proc", "dev"]) mkdirSync(join(folder, name));
  copyFileSync(`${await command("busybox", ["which", "busybox"])}`.trim(), join(folder, "bin/busybox"));
  copyFileSync(join(root, "lab/guest/qemu-init.sh"), join(folder, "init"));
  chmodSync(join(folder, "init"), 0o755);
  const early = inLoadOrder(readFileSync(join(modules, "modules.dep"), "utf8"), EARLY_MODULES);
  for (const path of early)
    copyFileSync(join(modules, path), join(folder, "modules", path.split("/").at(-1)));
  writeFileSync(join(folder, "modules.order"), early.map((path) => `${path.split("/").at(-1)}\n`).join(""));
  const packed = await command("sh", ["-c", "find . | busybox cpio -o -H newc 2>/dev/null | gzip -1"], {
    cwd: folder,
  });
  writeFileSync(file, packed);
  rmSync(folder, { recursive: true });
}

/** Paths of the named modules and all that they need, each after what it needs. */
function inLoadOrder(modulesDep, names) {
  const needs = new Map(
    modulesDep
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [path, rest] = line.split(":");
        return [path, rest.trim().split(" ").filter(Boolean)];
      }),
  );
  const order = new Set();
  const add = (path) => {
    for (const needed of needs.get(path) ?? []) add(needed);
    order.add(path);
  };
  for (const name of names) add([...needs.keys()].find((path) => path.endsWith(`/${name}.ko`)));
  return [...order];
}

/** Debian's image is compressed; QEMU starts the kernel in it sooner when that is undone here. */
async function extractImage(vmlinuz, to) {
  const image = readFileSync(vmlinuz);
  // Offsets and lengths of the boot protocol: setup_sects, payload_offset, payload_length.
  const start = (image[0x1f1] + 1) * 512 + image.readUInt32LE(0x248);
  const length = image.readUInt32LE(0x24c);
  const payload = image.subarray(start, start + length - 4); // the last four bytes are the unpacked size
  if (!payload.subarray(0, XZ_MAGIC.length).equals(XZ_MAGIC))
    throw new Error(`${vmlinuz} is not packed with xz`);
  writeFileSync(to, await command("xz", ["-dc"], { input: payload }));
}

/** Names that a package depends on, directly or over one of them, and that match. */
async function dependenciesOf(name, pattern) {
  const listed = `${await command("apt-cache", ["depends", "--no-suggests", "--no-recommends", name])}`;
  return [...listed.matchAll(/Depends: (\S+)/g)]
    .map((match) => match[1])
    .filter((other) => pattern.test(other));
}

/** Downloads packages into `folder`; paths of the files. */
async function download(folder, names) {
  await command("apt-get", ["download", "-qq", ...names], { cwd: folder });
  return readdirSync(folder)
    .filter((file) => file.endsWith(".deb"))
    .map((file) => join(folder, file));
}

/** Unpacks the named parts of packages, and deletes the packages. */
async function unpack(debs, into, parts) {
  for (const deb of debs) {
    const [from, to] = [deb, into].map((path) => `'${path.replaceAll("'", "'\\''")}'`);
    const some = parts.map((part) => `'${part}'`).join(" ");
    await command("sh", ["-c", `dpkg-deb --fsys-tarfile ${from} | tar -x -C ${to} ${some}`]);
    rmSync(deb);
  }
}
