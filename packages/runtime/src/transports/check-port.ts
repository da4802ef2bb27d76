/** A port of the network, before it goes to the system, whose own error would be no `RpcError`. */
import { openError } from "./open-error.js";

const HIGHEST_PORT = 65_535;

/**
 * @param lowest 0 where any free port will do.
 * @throws RpcError `bad-argument`
 */
export function checkPort(port: number, lowest: 0 | 1): void {
  if (Number.isInteger(port) && port >= lowest && port <= HIGHEST_PORT) return;
  throw openError("bad-argument", `a port is a whole number from ${lowest} to ${HIGHEST_PORT}, not ${port}`);
}
