/** The script that `rpcgen --board` writes, as it is, on the virtual board: every board, and every link of one that has it. */
import { BOARDS, type BoardChoice, generate, type LinkName, linksOf } from "@rpcgen/codegen";
import { startVirtualCamera, type VirtualCamera, type VirtualLink } from "@rpcgen/device";
import { compile } from "@rpcgen/idl";
import { createMaster, type Link } from "@rpcgen/runtime";
import { afterEach, describe, expect, it } from "vitest";
import { dial } from "../../packages/device/test/socket-link.js";

const IDL = "interface Camera { ping(); where(): u16?; }\n";
const PATIENT = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };
const HOLD_MS = 5000;
/** One interface, the hash of its name. */
const SCHEMA = /^01[0-9a-f]{8}/;

const cameras = new Set<VirtualCamera>();
afterEach(async () => {
  await Promise.all([...cameras].map((camera) => camera.stop()));
  cameras.clear();
});

/** Each board on its first link, and each link on the first board that has it. */
const CHOICES: readonly (BoardChoice & { name: string })[] = [
  ...BOARDS.map((board) => ({ board, link: "uart" as LinkName })),
  ...(["can", "i2c", "spi", "usb", "tcp"] as const).flatMap((link) => {
    const board = BOARDS.find((each) => linksOf(each).includes(link));
    return board === undefined ? [] : [{ board, link }];
  }),
].map((choice) => ({ ...choice, name: choice.board.name }));

describe("the generated script answers", () => {
  it.each(CHOICES)("$name on $link", async (choice) => {
    const files = await filesOf(choice);
    const answer = await onLink[choice.link](files);
    expect(answer).toMatch(SCHEMA);
  });
});

const onLink: Readonly<Record<LinkName, (files: Record<string, string>) => Promise<string>>> = {
  uart: async (files) => askOver((await start(files, { kind: "memory" })).link),
  usb: async (files) => askOver((await start(files, { kind: "memory", port: "usb" })).link),
  tcp: async (files) => askOver(await dial((await start(files, { kind: "tcp" })).path ?? "")),
  async can(files) {
    const nodes: { master: VirtualCamera | null } = { master: null };
    const onFrame = async (frame: Parameters<NonNullable<VirtualCamera["can"]>["send"]>[0]) =>
      nodes.master?.can?.send(frame);
    const slave = await start(files, { kind: "can", onFrame });
    const printed: string[] = [];
    const toSlave = async (frame: Parameters<typeof onFrame>[0]) => slave.can?.send(frame);
    nodes.master = await start(masterOf("can"), { kind: "can", onFrame: toSlave }, printed);
    await nodes.master.exited;
    return printed.join("");
  },
  async i2c(files) {
    const { i2c } = await start(files, { kind: "i2c" });
    return askByScript("i2c", async ({ address, sent, receivedLength }) => {
      if (sent === null) return (await i2c?.read(address, receivedLength, HOLD_MS)) ?? null;
      return (await i2c?.write(address, sent, HOLD_MS)) ? new Uint8Array(0) : null;
    });
  },
  async spi(files) {
    const { spi } = await start(files, { kind: "spi" });
    return askByScript(
      "spi",
      async ({ sent }) => (await spi?.shift(sent ?? new Uint8Array(0), HOLD_MS)) ?? null,
    );
  },
};

async function askOver(link: Link | null): Promise<string> {
  if (link === null) throw new Error("the camera has no link");
  await using master = createMaster(link);
  expect(await master.call("ping", new Uint8Array(0), PATIENT)).toEqual(new Uint8Array(0));
  return Buffer.from(await master.call("rpcgen_schema", new Uint8Array(0), PATIENT)).toString("hex");
}

async function askByScript(
  kind: "i2c" | "spi",
  device: NonNullable<Extract<VirtualLink, { kind: "i2c" | "spi" }>["device"]>,
): Promise<string> {
  const printed: string[] = [];
  const master = await start(masterOf(kind), { kind, device }, printed);
  await master.exited;
  return printed.join("");
}

function masterOf(kind: string): Record<string, string> {
  return {
    "camera_main.py": `import rpc
master = rpc.rpc_${kind}_master()
assert master.call("ping", b"", send_timeout=20000, recv_timeout=20000) == b""
print(bytes(master.call("rpcgen_schema", b"", send_timeout=20000, recv_timeout=20000)).hex())
`,
  };
}

async function start(
  files: Record<string, string>,
  link: VirtualLink,
  printed: string[] = [],
): Promise<VirtualCamera> {
  const { "camera_main.py": script = "", ...others } = files;
  const camera = await startVirtualCamera({
    script,
    files: others,
    link,
    onOutput: (text) => printed.push(text),
  });
  cameras.add(camera);
  return camera;
}

async function filesOf(board: BoardChoice): Promise<Record<string, string>> {
  const { model } = await compile("camera.idl", {
    read: () => new TextEncoder().encode(IDL),
    resolve: (_, relative) => relative,
  });
  if (model === null) throw new Error("camera.idl has mistakes");
  const files = await generate(model, {
    targets: ["micropython"],
    generatorVersion: "test",
    sourceFile: "camera.idl",
    singleFile: false,
    embedSchema: false,
    board,
  });
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}
