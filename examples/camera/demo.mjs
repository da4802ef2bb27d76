// `npm run demo`: the main job from nothing. Generates the code, starts a virtual camera on a pseudo
// terminal, and runs the example against it, the way a person would with three commands.
import { spawn, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const rpcgen = join(here, "node_modules", ".bin", "rpcgen");

command("rpcgen camera.idl --target typescript --out generated");
command("rpcgen camera.idl --target micropython --out device");
command("tsc -p .");

console.log("$ rpcgen simulate device/camera_main.py");
const camera = spawn(rpcgen, ["simulate", "device/camera_main.py"], {
  cwd: here,
  stdio: ["ignore", "pipe", "inherit"],
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop(130));
camera.on("exit", (code) => stop(code ?? 1));

const path = await portOf(camera);
const status = await runProgram(path);
camera.removeAllListeners("exit");
camera.kill("SIGINT");
process.exit(status);

function command(line) {
  console.log(`$ ${line}`);
  const [name, ...args] = line.split(" ");
  const result = spawnSync(join(here, "node_modules", ".bin", name), args, { cwd: here, stdio: "inherit" });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Shows what the camera says and resolves with the path of its serial port. */
function portOf(child) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      console.log(line);
      const match = /^Serial port: (\S+)/.exec(line);
      if (match !== null) resolve(match[1]);
    });
  });
}

function runProgram(port) {
  console.log(`$ node dist/src/main.js ${port}`);
  const program = spawn(process.execPath, ["dist/src/main.js", port], { cwd: here, stdio: "inherit" });
  return new Promise((resolve) => program.on("exit", (code) => resolve(code ?? 1)));
}

function stop(code) {
  camera.kill("SIGINT");
  process.exit(code);
}
