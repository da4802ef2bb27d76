/** The virtual camera as a program sees it: scripts, their output and end, the line, what is released. */
import { openSync, writeSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { startVirtualCamera, type VirtualCamera, type VirtualCameraOptions } from "@rpcgen/device";
import { createMaster } from "@rpcgen/runtime";
import { afterEach, describe, expect, it } from "vitest";

/** Long enough for a machine that is busy with other tests; nothing waits for it in a good run. */
const PATIENT = { sendTimeoutMs: 20_000, recvTimeoutMs: 20_000 } as const;

const cameras: VirtualCamera[] = [];
afterEach(async () => {
  for (const camera of cameras.splice(0)) await camera.stop();
});

async function start(script: string, options: Partial<VirtualCameraOptions> = {}) {
  const output: string[] = [];
  const camera = await startVirtualCamera({
    script,
    link: { kind: "memory" },
    onOutput: (text) => output.push(text),
    ...options,
  });
  cameras.push(camera);
  return { camera, text: () => output.join("") };
}

async function outputOf(script: string, options: Partial<VirtualCameraOptions> = {}) {
  const { camera, text } = await start(script, options);
  const { error } = await camera.exited;
  return { error, text: text() };
}

describe("a script", () => {
  it("runs as the main module and prints", async () => {
    expect(await outputOf("print(__name__)\nprint('no line end', end='')")).toEqual({
      error: null,
      text: "__main__\nno line end",
    });
  });

  it("shows its error as MicroPython does, with the names of its files", async () => {
    const { error, text } = await outputOf("import helper\nhelper.fail()\n", {
      files: { "helper.py": "def fail():\n    raise ValueError('too dark')\n" },
    });
    expect(error).toBe(
      [
        "Traceback (most recent call last):",
        '  File "main.py", line 2, in <module>',
        '  File "helper.py", line 2, in fail',
        "ValueError: too dark",
        "",
      ].join("\n"),
    );
    expect(text).toBe(error);
  });

  it("shows where its syntax is wrong", async () => {
    const { error } = await outputOf("print(1)\nif:\n");
    expect(error).toContain('File "main.py", line 2\nSyntaxError');
  });

  it("may end with SystemExit, which is no error", async () => {
    expect(await outputOf("import sys\nsys.exit(3)")).toEqual({ error: null, text: "" });
  });

  it("prefers its own rpc module to the library's", async () => {
    const { text } = await outputOf("import rpc\nprint(rpc.own)", { files: { "rpc.py": "own = True" } });
    expect(text).toBe("True\n");
  });

  it("comes from disk with the Python files beside it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rpcgen-camera-"));
    try {
      await writeFile(join(folder, "camera_rpc.py"), "WHERE = 'beside'");
      await writeFile(join(folder, "camera_main.py"), "import camera_rpc\nprint(camera_rpc.WHERE)");
      const output: string[] = [];
      const { exited } = await startVirtualCamera({
        mainPath: join(folder, "camera_main.py"),
        link: { kind: "memory" },
        onOutput: (text) => output.push(text),
      });
      expect(await exited).toEqual({ error: null });
      expect(output.join("")).toBe("beside\n");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("can collect its garbage while it runs", async () => {
    const script = `
import gc
kept = [str(number) * 3 for number in range(1000)]
def waste():
    for _ in range(100):
        bytearray(10000)
waste()
gc.collect()
before = gc.mem_alloc()
for _ in range(50):
    waste()
    gc.collect()
print(gc.mem_alloc() - before < 20000, kept == [str(number) * 3 for number in range(1000)])
`;
    expect(await outputOf(script)).toEqual({ error: null, text: "True True\n" });
  });
});

describe("starting and stopping", () => {
  it("wants a script or a path, and one that is there", async () => {
    const link = { kind: "memory" } as const;
    await expect(startVirtualCamera({ link })).rejects.toThrow(TypeError);
    await expect(startVirtualCamera({ link, mainPath: "/nowhere/main.py" })).rejects.toThrow("ENOENT");
  });

  it("ends a script that waits, works or sleeps for ever", async () => {
    const scripts = [
      "import rpc\nrpc.rpc_uart_slave().loop()",
      "while True: pass",
      "import time\ntime.sleep(1000000)",
      "import machine\nu = machine.UART(1)\nwhile True: u.write(bytes(65536))",
    ];
    for (const script of scripts) {
      const { camera } = await start(script);
      await camera.stop();
      expect(await camera.exited).toEqual({ error: null });
      await expect(camera.link?.putBytes(new Uint8Array(1), 0)).rejects.toMatchObject({ code: "closed" });
    }
  });

  it("stops when the signal aborts, and does not start after that", async () => {
    const abort = new AbortController();
    const { camera } = await start("while True: pass", { signal: abort.signal });
    abort.abort(new Error("enough"));
    expect(await camera.exited).toEqual({ error: null });
    await expect(start("", { signal: abort.signal })).rejects.toThrow("enough");
  });
});

describe("a pseudo terminal", () => {
  const ECHO = `
import machine
u = machine.UART(3, 115200, timeout=1000)
b = bytearray(256)
while True:
    n = u.readinto(b)
    if n:
        u.write(memoryview(b)[:n])
`;

  it("carries every byte as it is, for clients that come and go", async () => {
    const { camera } = await start(ECHO, { link: { kind: "pty" } });
    expect(camera.link).toBeNull();
    const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);
    for (let client = 0; client < 2; client += 1) {
      expect(await exchange(camera.path ?? "", everyByte)).toEqual(everyByte);
    }
  });

  it("goes on when nobody reads what the script writes", async () => {
    const { camera } = await start("import machine\nu = machine.UART(3)\nu.write(bytes(100000))", {
      link: { kind: "pty" },
    });
    expect(await camera.exited).toEqual({ error: null });
  });
});

it("offers rpc.py to the script and a link to the program", async () => {
  const { camera } = await start(`
import rpc
def echo(data):
    return data
slave = rpc.rpc_uart_slave()
slave.register_callback(echo)
slave.loop()
`);
  if (camera.link === null) throw new Error("a memory link was asked for");
  const master = createMaster(camera.link);
  expect(await master.call("echo", Uint8Array.of(1, 2, 3), PATIENT)).toEqual(Uint8Array.of(1, 2, 3));
});

/** Opens the path like a serial port, sends, reads as much, closes. */
async function exchange(path: string, data: Uint8Array): Promise<Uint8Array> {
  const fd = openSync(path, "r+");
  const port = new ReadStream(fd);
  try {
    const received: Uint8Array[] = [];
    const complete = new Promise<void>((resolve) => {
      port.on("data", (chunk: Uint8Array) => {
        received.push(chunk);
        if (Buffer.concat(received).length >= data.length) resolve();
      });
    });
    writeSync(fd, data);
    await complete;
    return Uint8Array.from(Buffer.concat(received));
  } finally {
    port.destroy();
  }
}
