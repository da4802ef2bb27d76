/** `rpcgen simulate`: a virtual camera with one of its ports wired, until Ctrl-C. */
import { existsSync } from "node:fs";
import type { BusSocket, VirtualLink } from "@rpcgen/device";
import type { SimulateCommand } from "../arguments.js";
import { ExitCode } from "../exit-code.js";
import type { Terminal } from "../terminal/terminal.js";

const HEADINGS: Readonly<Record<SimulateCommand["link"], string>> = {
  uart: "Serial port",
  usb: "USB serial port",
  tcp: "Network",
  can: "CAN bus",
  i2c: "I2C bus",
  spi: "SPI bus",
};

export async function simulate(
  command: SimulateCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (!existsSync(command.script)) {
    terminal.error(`rpcgen: there is no file ${command.script}`);
    return ExitCode.usage;
  }
  const { serveBusSocket, startVirtualCamera } = await import("@rpcgen/device");
  const bus = isBus(command.link) ? await serveBusSocket(command.listen) : null;
  try {
    await using camera = await startVirtualCamera({
      mainPath: command.script,
      seed: command.seed,
      link: virtualLink(command, bus),
      onOutput: (text) => terminal.writeRaw(text),
    });
    bus?.start(camera);
    terminal.print(`A virtual camera runs ${command.script} and looks at scene ${command.seed}.`);
    terminal.print(`${HEADINGS[command.link]}: ${bus?.path ?? camera.path}`);
    terminal.print("Ctrl-C ends it.");

    const interrupted = new Promise<"interrupted">((resolve) => {
      signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
    });
    const outcome = await Promise.race([camera.exited, interrupted]);
    if (outcome === "interrupted") return ExitCode.ok;
    terminal.error(outcome.error === null ? "The script ended." : "The script ended with an error.");
    return outcome.error === null ? ExitCode.ok : ExitCode.failed;
  } finally {
    await bus?.close();
  }
}

function isBus(link: SimulateCommand["link"]): link is "can" | "i2c" | "spi" {
  return link === "can" || link === "i2c" || link === "spi";
}

function virtualLink({ link, listen }: SimulateCommand, bus: BusSocket | null): VirtualLink {
  if (bus !== null && link === "can") return { kind: link, onFrame: bus.onFrame };
  if (bus !== null && (link === "i2c" || link === "spi")) return { kind: link, device: bus.device };
  if (link === "tcp" && typeof listen === "number") return { kind: link, port: listen };
  return { kind: "pty", port: link === "usb" ? link : "uart" };
}
