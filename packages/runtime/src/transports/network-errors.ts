/** What the network's errors mean, and what to do about each. */
import { RpcError } from "../errors.js";
import { errnoOf, openError, textOf } from "./open-error.js";

/** @param where Host and port, as a person would write them. */
export function explainNetwork(error: unknown, where: string): RpcError {
  if (error instanceof RpcError) return error;
  const errno = errnoOf(error);
  const text = textByErrno[errno ?? ""];
  const isOver = errno === "ECONNRESET" || errno === "EPIPE" || errno === "ECONNABORTED";
  return openError(
    isOver ? "closed" : "link-failure",
    `${where}: ${text === undefined ? textOf(error) : `${text} (${errno})`}`,
    error,
  );
}

const textByErrno: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there; is the other program running, and the port right?",
  ECONNRESET: "the other side broke the connection off",
  ECONNABORTED: "the other side broke the connection off",
  EPIPE: "the other side closed the connection",
  ETIMEDOUT: "no answer; is the host on, and in this network?",
  EHOSTUNREACH: "the host can't be reached; is it on, and in this network?",
  ENETUNREACH: "there is no way to this network; is the cable in, the Wi-Fi on?",
  ENETDOWN: "the network interface is down",
  ENOTFOUND: "no host of that name",
  EAI_AGAIN: "the name can't be looked up now",
  EADDRINUSE: "another program uses this port; close that one first, or take another port",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "no permission; ports below 1024 are for root",
};

export const placeOf = (host: string, port: number): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
