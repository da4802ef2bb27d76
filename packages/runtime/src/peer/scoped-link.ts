/** The link as a cut-through body sees it: every read and write ends with the call's own deadline and signal. */
import type { Clock } from "../clock.js";
import type { Link } from "../link/link.js";
import type { CallScope } from "./call-scope.js";

export function createScopedLink(link: Link, scope: CallScope, clock: Clock): Link {
  const within = (timeoutMs: number) => Math.min(timeoutMs, scope.deadline - clock.now());
  const signals = (own?: AbortSignal) => {
    if (own === undefined || scope.signal === undefined) return own ?? scope.signal;
    return AbortSignal.any([own, scope.signal]);
  };
  const scoped: Link = {
    traits: link.traits,
    get available() {
      return link.available;
    },
    async getBytes(into, timeoutMs, signal) {
      scope.check();
      const isFilled = await link.getBytes(into, within(timeoutMs), signals(signal));
      if (!isFilled) scope.check();
      return isFilled;
    },
    async putBytes(data, timeoutMs, signal) {
      scope.check();
      const isTaken = await link.putBytes(data, within(timeoutMs), signals(signal));
      if (!isTaken) scope.check();
      return isTaken;
    },
    flush: () => link.flush(),
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
  };
  return scoped;
}
