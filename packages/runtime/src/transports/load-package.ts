/**
 * The door to the optional native packages: each is loaded when a link that needs it is opened, never
 * before, and a missing one is an error that names the command which mends it.
 */
import { openError, textOf } from "./open-error.js";

export type PackageName = "serialport" | "socketcan" | "i2c-bus" | "spi-device";

/** The version that the links are tested with; later ones of socketcan need a later Node. */
const INSTALL_AS: Readonly<Record<PackageName, string>> = {
  serialport: "serialport",
  socketcan: "socketcan@4.0.7",
  "i2c-bus": "i2c-bus",
  "spi-device": "spi-device",
};

// By a variable, so that bundlers leave the import to the program that runs.
const importByName = (name: string): Promise<unknown> => import(name);

/**
 * What the package exports, as `T` says. Rejects with `missing-package` where it is not installed, or was
 * built for another Node; `what` needs it: "serial ports", "CAN", …
 */
export async function loadPackage<T>(
  name: PackageName,
  what: string,
  load: (name: string) => Promise<unknown> = importByName,
): Promise<T> {
  try {
    const loaded = (await load(name)) as { readonly default?: unknown };
    // These are CommonJS packages: what they export is the default as well.
    return (loaded.default ?? loaded) as T;
  } catch (cause) {
    const isMissing = new RegExp(`cannot find (package|module) '${name}'`, "i").test(textOf(cause));
    const message = isMissing
      ? `${what} needs the package ${name}, which is not installed: npm install ${INSTALL_AS[name]}`
      : `${what} needs the package ${name}, which does not load here (${firstLine(cause)}): npm install ${INSTALL_AS[name]}, or npm rebuild ${name} if it is installed`;
    throw openError("missing-package", message, cause);
  }
}

/** Loaders go on to list every place they looked at. */
const firstLine = (error: unknown): string => (textOf(error).split("\n")[0] ?? "").replace(/\. Tried:$/, "");
