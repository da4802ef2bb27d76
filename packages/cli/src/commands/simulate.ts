/** `rpcgen simulate`: a virtual camera on a pseudo terminal, until Ctrl-C. */
import { existsSync } from "node:fs";
import type { SimulateCommand } from "../arguments.js";
import { ExitCode } from "../exit-code.js";
import type { Terminal } from "../terminal/terminal.js";

export async function simulate(
  command: SimulateCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (!existsSync(command.script)) {
    terminal.error(`rpcgen: there is no file ${command.script}`);
    return ExitCode.usage;
  }
  const { startVirtualCamera } = await import("@rpcgen/device");
  await using camera = await startVirtualCamera({
    mainPath: command.script,
    seed: command.seed,
    link: { kind: "pty" },
    onOutput: (text) => terminal.writeRaw(text),
  });
  terminal.print(`A virtual camera runs ${command.script} and looks at scene ${command.seed}.`);
  terminal.print(`Serial port: ${camera.path}`);
  terminal.print("Ctrl-C ends it.");

  const interrupted = new Promise<"interrupted">((resolve) => {
    signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
  });
  const outcome = await Promise.race([camera.exited, interrupted]);
  if (outcome === "interrupted") return ExitCode.ok;
  terminal.error(outcome.error === null ? "The script ended." : "The script ended with an error.");
  return outcome.error === null ? ExitCode.ok : ExitCode.failed;
}
