/** The `reconnect` option that every link has. */
import type { Clock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { openReconnectingLink, type ReconnectOptions } from "../link/reconnecting-link.js";

/** True: with the usual pauses; false: a link that failed stays so. */
export type ReconnectChoice = boolean | ReconnectOptions;

/** How a transport opens one line. */
export interface Opening {
  /** Gives up the first opening; it has no say over later ones. */
  readonly signal: AbortSignal | undefined;
  /** To be told of a failure that comes while nobody reads or writes. */
  lost(error: RpcError): void;
}

/** Opens a link once, or one that opens itself again; the first opening must succeed either way. */
export function withReconnect(
  open: (opening: Opening) => Promise<Link>,
  options: { readonly reconnect?: ReconnectChoice; readonly signal?: AbortSignal },
  clock: Clock,
): Promise<Link> {
  const { reconnect = false } = options;
  if (reconnect === false) return open({ signal: options.signal, lost: () => {} });
  let signal = options.signal;
  return openReconnectingLink(
    (lost) => {
      const opening = { signal, lost };
      signal = undefined;
      return open(opening);
    },
    reconnect === true ? {} : reconnect,
    clock,
  );
}
