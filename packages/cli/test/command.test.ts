/** The command as a person runs it: a process of its own, its output, its exit code. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMaster } from "@rpcgen/runtime";
import { openUart } from "@rpcgen/runtime/uart";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const rpcgen = fileURLToPath(new URL("../bin/rpcgen.js", import.meta.url));

let folder: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-command-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly out: string;
  readonly err: string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Resolves with the match once the output has it. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [rpcgen, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let out = "";
  let err = "";
  let look = () => {};
  child.stdout.on("data", (chunk) => {
    out += chunk;
    look();
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return {
    child,
    get out() {
      return out;
    },
    get err() {
      return err;
    },
    ended: new Promise((resolve) => child.on("close", resolve)),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = pattern.exec(out);
          if (match !== null) resolve(match);
        };
        child.on("close", () => reject(new Error(`ended without ${pattern}: ${out}${err}`)));
        look();
      }),
  };
}

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const started = start(...args);
  const code = await started.ended;
  return { code, out: started.out, err: started.err };
}

describe("rpcgen", () => {
  it("prints its help and version", async () => {
    expect(await run("--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("rpcgen camera.idl --out generated"),
    });
    expect(await run("--version")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it("says what is wrong with the command line, and where help is", async () => {
    const { code, out, err } = await run("camera.idl", "--frob");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe("rpcgen: Unknown option '--frob'\nSee: rpcgen --help\n");
  });

  it("loads the links beside the bundle: ports as JSON", async () => {
    const { code, out } = await run("ports", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toBeInstanceOf(Array);
  });

  it("writes rpc.py for a board whose firmware lacks it, out of the device's package", async () => {
    writeFileSync(join(folder, "a.idl"), "interface A { f(): u8; }\n");
    expect(await run("a.idl", "--board", "rp2040", "--out", ".")).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(folder, "rpc.py"), "utf8")).toContain("class rpc_uart_slave");
  });

  it("ends with 1 and a code frame on a mistake, without colour in a pipe", async () => {
    writeFileSync(join(folder, "a.idl"), "interface A { f(): u9; }\n");
    const { code, err } = await run("a.idl");
    expect(code).toBe(1);
    expect(err).toContain("at a.idl:1:20");
    expect(err).not.toContain("\u001b");
  });

  it("passes on what the system refuses, without a stack", async () => {
    writeFileSync(join(folder, "a.idl"), "interface A { f(): u8; }\n");
    writeFileSync(join(folder, "taken"), "a file");
    const { code, err } = await run("a.idl", "--target", "micropython", "--out", "taken");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^rpcgen: can't write .*\/taken\/a\S+: a part of its path is a file, not a folder \(ENOTDIR\); no file was changed\n$/,
    );
    expect(err).not.toContain("    at ");
  });
});

describe("rpcgen simulate", () => {
  const ECHO = `
import rpc
slave = rpc.rpc_uart_slave(baudrate=115200)
def echo(data):
    print("asked")
    return data
slave.register_callback(echo)
slave.loop()
`;

  it("opens a serial port, serves, prints what the script prints, and ends well with Ctrl-C", async () => {
    writeFileSync(join(folder, "camera_main.py"), ECHO);
    const camera = start("simulate", "camera_main.py", "--seed", "5");
    const [, path] = await camera.until(/Serial port: (\S+)\n/);
    await using master = createMaster(await openUart({ path: String(path), baudRate: 115_200 }));
    const answer = await master.call("echo", Uint8Array.of(1, 2, 3), {
      sendTimeoutMs: 30_000,
      recvTimeoutMs: 30_000,
    });
    expect([...answer]).toEqual([1, 2, 3]);
    await camera.until(/asked\n/);
    camera.child.kill("SIGINT");
    expect(await camera.ended).toBe(0);
    expect(camera.err).toBe("");
  });

  it.each([
    ["usb", /USB serial port: (\S+)\n/, "rpc_usb_vcp_slave()"],
    ["uart", /Serial port: (\S+)\n/, "rpc_uart_slave()"],
  ])("wires the port that is asked for: %s", async (link, pattern, opening) => {
    writeFileSync(join(folder, "camera_main.py"), ECHO.replace("rpc_uart_slave(baudrate=115200)", opening));
    const camera = start("simulate", "camera_main.py", "--link", link);
    const [, path] = await camera.until(pattern);
    await using master = createMaster(await openUart({ path: String(path), baudRate: 115_200 }));
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    expect(await master.call("echo", all, { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 })).toEqual(all);
    camera.child.kill("SIGINT");
    expect(await camera.ended).toBe(0);
  });

  it.each([
    ["tcp", /Network: (tcp:\/\/127\.0\.0\.1:\d+)\n/, "rpc_tcp_slave()"],
    ["can", /CAN bus: (tcp:\/\/127\.0\.0\.1:\d+)\n/, "rpc_can_slave()"],
    ["i2c", /I2C bus: (unix:\/\/\/\S+)\n/, "rpc_i2c_slave()"],
    ["spi", /SPI bus: (tcp:\/\/127\.0\.0\.1:\d+)\n/, "rpc_spi_slave()"],
  ])("says where the %s is, and ends well with Ctrl-C", async (link, pattern, opening) => {
    writeFileSync(join(folder, "camera_main.py"), ECHO.replace("rpc_uart_slave(baudrate=115200)", opening));
    const listen = link === "i2c" ? ["--listen", join(folder, "bus")] : [];
    const camera = start("simulate", "camera_main.py", "--link", link, ...listen);
    await camera.until(pattern);
    camera.child.kill("SIGINT");
    expect(await camera.ended).toBe(0);
    expect(camera.err).toBe("");
  });

  it("tells that a port is taken", async () => {
    writeFileSync(join(folder, "camera_main.py"), ECHO);
    const first = start("simulate", "camera_main.py", "--link", "tcp");
    const [, port] = await first.until(/Network: \S+:(\d+)\n/);
    const second = await run("simulate", "camera_main.py", "--link", "tcp", "--listen", String(port));
    expect(second.code).toBe(1);
    expect(second.err).toBe(
      `rpcgen: 127.0.0.1:${port}: another program uses this port; close that one first, or take another port (EADDRINUSE)\n`,
    );
  });

  it.each([
    ["taken", "left the file behind; close that one, or delete the file (EADDRINUSE)"],
    ["missing/bus", "the folder is not there, or no permission (EACCES)"],
  ])("tells why a bus can't be listened for at a path: %s", async (name, text) => {
    writeFileSync(join(folder, "camera_main.py"), ECHO);
    writeFileSync(join(folder, "taken"), "");
    const place = join(folder, name);
    const { code, err } = await run("simulate", "camera_main.py", "--link", "spi", "--listen", place);
    expect(code).toBe(1);
    expect(err).toContain(`rpcgen: ${place}: `);
    expect(err).toContain(text);
  });

  it("shows the script's error as MicroPython prints it", async () => {
    writeFileSync(join(folder, "camera_main.py"), "def f():\n    return 1 // 0\nf()\n");
    const { code, out, err } = await run("simulate", "camera_main.py");
    expect(code).toBe(1);
    expect(out).toMatch(/Traceback[\s\S]*camera_main\.py", line 2, in f\nZeroDivisionError/);
    expect(err).toBe("The script ended with an error.\n");
  });

  it("tells of a script that is not there", async () => {
    expect(await run("simulate", "camra_main.py")).toEqual({
      code: 2,
      out: "",
      err: "rpcgen: there is no file camra_main.py\n",
    });
  });
});
