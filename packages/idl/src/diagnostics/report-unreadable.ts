/** What loading met, as diagnostics. An unreadable file is blamed on the import that asked for it. */
import { maxSourceBytes } from "../source/limits.js";
import type { Unreadable } from "../source/load.js";
import { quote } from "../source/quote.js";
import type { Report } from "./report.js";

/** Paths are longer than what else is quoted. */
const maxPathLength = 300;

export function reportUnreadable(files: readonly Unreadable[], report: Report): void {
  for (const { path: written, span, reason } of files) {
    const path = quote(written, maxPathLength);
    switch (reason.kind) {
      case "missing":
        report("RPC1004", span, { path });
        break;
      case "too-large":
        report("RPC1003", span, { path, bytes: reason.byteLength, limit: maxSourceBytes });
        break;
      case "binary":
        report("RPC1002", span, { path, offset: reason.byteOffset });
        break;
      case "not-utf8": {
        const byte = `0x${reason.byte.toString(16).padStart(2, "0")}`;
        report("RPC1001", span, { path, offset: reason.byteOffset, byte });
        break;
      }
    }
  }
}
