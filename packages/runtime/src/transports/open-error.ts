/**
 * What went wrong with a link, as the one error that its owner sees. All have phase `open`: a peer that gets
 * one while a call is under way tells it as that call's failure, with what is known of whether it ran.
 */
import { RpcError, type RpcErrorCode } from "../errors.js";

export type LinkErrorCode = Extract<
  RpcErrorCode,
  "link-failure" | "closed" | "aborted" | "missing-package" | "bad-argument"
>;

export function openError(code: LinkErrorCode, message: string, cause?: unknown): RpcError {
  return new RpcError(code, message, { phase: "open", executed: "no", cause });
}

/** Throws `aborted` with the signal's reason if it has aborted. */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw openError("aborted", "opening the link was aborted", signal.reason);
}

/** The system's own name of an error (`ENODEV`), where it has one; packages put it into `code` or the text. */
export function errnoOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) return code;
  return typeof message === "string" ? (/\bE[A-Z]{2,}[A-Z0-9]*\b/.exec(message)?.[0] ?? null) : null;
}

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
