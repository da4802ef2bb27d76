/** `rpcgen ports`: what a link can be opened on, one a line. */
import type { ListedPort, listPorts } from "@rpcgen/runtime/links";
import type { PortsCommand } from "../arguments.js";
import { ExitCode } from "../exit-code.js";
import type { Terminal } from "../terminal/terminal.js";

/** @param list Finds the ports; tells of what it could not look at. */
export async function ports(
  command: PortsCommand,
  terminal: Terminal,
  list?: typeof listPorts,
): Promise<ExitCode> {
  const find = list ?? (await import("@rpcgen/runtime/links")).listPorts;
  const found = await find({ onProblem: (problem) => terminal.error(`rpcgen: ${problem.message}`) });
  if (command.format === "json") terminal.print(JSON.stringify(found, null, 2));
  else for (const line of asLines(found)) terminal.print(line);
  return ExitCode.ok;
}

function asLines(found: readonly ListedPort[]): string[] {
  if (found.length === 0) return ["No serial port, CAN interface, I2C bus or SPI device was found."];
  const width = Math.max(...found.map(({ url }) => url.length));
  return found.map(({ url, description }) => `${url.padEnd(width)}  ${description}`);
}
