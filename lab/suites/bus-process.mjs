// Starts the process that a bus of the laboratory consists of, for the time of a suite.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Resolves once the bus is there; `close()` ends it. */
export async function startBus(file, args) {
  const program = fileURLToPath(new URL(`../bus/${file}`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { close: () => child.kill() };
}

/** Number of the I2C bus that the adapter's driver made, once there is one. */
export async function findI2cBus() {
  for (;;) {
    const name = adapterName();
    if (name !== undefined) return Number(name.slice("i2c-".length));
    await lookAgain();
  }
}

/** Resolves once the adapter is unplugged. */
export async function whileI2cBus() {
  while (adapterName() !== undefined) await lookAgain();
}

function adapterName() {
  return readdirSync("/sys/class/i2c-dev").find((name) =>
    readFileSync(`/sys/class/i2c-dev/${name}/name`, "utf8").startsWith("i2c-tiny-usb"),
  );
}

const lookAgain = () => new Promise((resolve) => setTimeout(resolve, 20));
