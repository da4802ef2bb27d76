/** The script to start from, for each board and each of its links: what it opens, that it is clean, that it serves. */
import { readFileSync, writeFileSync } from "node:fs";
import ruff from "@astral-sh/ruff-wasm-nodejs";
import { describe, expect, test } from "vitest";
import { BOARDS, type BoardChoice, linksOf, needsOwnLibrary } from "../../src/index.js";
import { createBoard } from "./board.js";
import { generateFrom } from "./generate-from.js";

const CAMERA = "struct Rect { x: u16; y: u16; }\ninterface Camera { ping(); where(): Rect?; }\n";
const CHOICES: readonly (BoardChoice & { name: string })[] = BOARDS.flatMap((board) =>
  linksOf(board).map((link) => ({ name: board.name, board, link })),
);

const rules = JSON.parse(
  readFileSync(new URL("../../../../scripts/python-rules.json", import.meta.url), "utf8"),
);
// A name that is imported for the person to use is not used yet.
rules.lint.ignore.push("F401");
const linter = new ruff.Workspace(rules, ruff.PositionEncoding.Utf16);

async function mainOf(board: BoardChoice, singleFile = false): Promise<string> {
  const files = await generateFrom("camera", CAMERA, { board, singleFile });
  return files.get(singleFile ? "camera_single.py" : "camera_main.py")?.text ?? "";
}

test("every board has a UART and a USB port, and a source for its facts", () => {
  for (const board of BOARDS) {
    expect(linksOf(board)).toEqual(expect.arrayContaining(["uart", "usb"]));
    expect(linksOf(board)[0]).toBe("uart");
    expect(board.sources.length).toBeGreaterThan(0);
    for (const source of board.sources) expect(source).toMatch(/^(openmv|micropython)\/\w+ \S/);
  }
});

describe.each(CHOICES)("$name on $link", (choice) => {
  const opening = `rpc.rpc_${choice.link === "usb" ? "usb_vcp" : choice.link}_slave(`;

  test("opens the link, and names the library that it needs", async () => {
    const text = await mainOf(choice);
    expect(text).toContain(`slave = ${opening}`);
    expect(text).toContain(needsOwnLibrary(choice) ? "with rpc.py" : "has the rpc library built in");
    const { [choice.link as "uart"]: bus = null } = choice.board;
    if (bus !== null) {
      expect(text).toMatch(new RegExp(`_(port|bus)=${bus.id}[,)]`));
      expect(text).toContain(bus.pins);
    }
  });

  test("tells rpc.py, and no other library, where a master on Linux cuts its transactions", async () => {
    const isCut = choice.link === "i2c" && needsOwnLibrary(choice);
    expect((await mainOf(choice)).includes(", largest=8192)")).toBe(isCut);
  });

  test("is clean", async () => {
    expect(linter.check(await mainOf(choice)).map(({ message }: { message: string }) => message)).toEqual([]);
  });

  // As one file it is put together in the same way for every board.
  test.each(choice.name === "openmv-h7" ? [false, true] : [false])(
    "serves (single file: %s)",
    async (singleFile) => {
      const board = await createBoard();
      const files = await generateFrom("camera", CAMERA, { board: choice, singleFile });
      for (const { path, text } of files.values()) board.write(path, text);
      board.write("network.py", NETWORK);
      const lines = board.run(STAND_IN.replace("SCRIPT", singleFile ? "single" : "main"));
      const expected = ["call ping", "answer ", "call where", "answer ", "interrupted"];
      expect(lines.filter((line) => !line.startsWith("tcp:"))).toEqual(
        choice.link === "usb" ? expected.toSpliced(4, 0, "given back") : expected,
      );
    },
  );
});

/** Every constructor gives the recorded calls instead of a wire. */
const STAND_IN = `
import rpc, time
time.sleep_ms = lambda ms: None
class Slave(rpc.Slave):
    def deinit(self):
        print("given back")
def open_slave(*args, **named):
    return Slave([("ping", b""), ("where", b"")])
for kind in ("uart", "can", "i2c", "spi", "usb_vcp", "tcp"):
    setattr(rpc, "rpc_" + kind + "_slave", open_slave)
try:
    import camera_SCRIPT
except KeyboardInterrupt:
    print("interrupted")`;

const NETWORK = `
STA_IF = 0
class WLAN:
    def __init__(self, interface): pass
    def active(self, on): pass
    def connect(self, name, key): pass
    def isconnected(self): return True
    def ifconfig(self): return ("192.0.2.7", "", "", "")
`;

/** `docs/boards.md` has the table of the facts; `UPDATE_SCENARIOS=1` writes it again. */
test("the page of the boards shows the facts", () => {
  const page = new URL("../../../../docs/boards.md", import.meta.url);
  const text = readFileSync(page, "utf8");
  const [before, rest] = text.split("<!-- boards -->\n");
  const after = rest?.split("<!-- end of boards -->")[1];
  const wanted = `${before}<!-- boards -->\n${boardTable()}<!-- end of boards -->${after}`;
  if (process.env.UPDATE_SCENARIOS === "1") writeFileSync(page, wanted);
  else expect(text).toBe(wanted);
});

function boardTable(): string {
  const head =
    "| `--board` | | links | numbers | own `rpc.py` for | largest piece of heap |\n|---|---|---|---|---|---|\n";
  const rows = BOARDS.map((board) => {
    const links = linksOf(board);
    const buses = [
      ["UART", board.uart],
      ["CAN", board.can],
      ["I2C", board.i2c],
      ["SPI", board.spi],
    ] as const;
    const numbers = buses.flatMap(([name, bus]) => (bus === null ? [] : [`${name} ${bus.id}: ${bus.pins}`]));
    const own = links.filter((link) => needsOwnLibrary({ board, link }));
    const heap = board.heapBytes === null ? "differs" : `${board.heapBytes / 1024} KiB`;
    return `| \`${board.name}\` | ${board.title} | ${links.join(", ")} | ${numbers.join("; ")} | ${own.join(", ")} | ${heap} |\n`;
  });
  const sources = BOARDS.map(
    (board) => `- \`${board.name}\`: ${board.sources.map((s) => `\`${s}\``).join(", ")}\n`,
  );
  return `\n${head}${rows.join("")}\nRead in, by repository and path:\n\n${sources.join("")}\n`;
}
