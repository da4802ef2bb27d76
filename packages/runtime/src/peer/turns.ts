/** The queue before a master's link: calls take turns, first come first served, and none starves. */
import type { Clock } from "../clock.js";
import type { CallScope } from "./call-scope.js";

export interface Turns {
  /**
   * Resolves when it is this call's turn, with what ends the turn (calling it twice does nothing).
   * The call's deadline and signal hold while it waits: it then rejects, and has not been sent.
   */
  take(scope: CallScope): Promise<() => void>;
  /** Rejects whatever waits, now and later, with `closed`. */
  close(): void;
}

interface Waiting {
  start(): void;
  refuse(): void;
}

export function createTurns(clock: Clock): Turns {
  const waiting = new Set<Waiting>();
  let busy = false;
  let closed = false;

  function createTurn(): () => void {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      busy = false;
      const [next] = waiting;
      next?.start();
    };
  }

  function wait(scope: CallScope): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(entry);
        cancel();
        scope.signal?.removeEventListener("abort", giveUp);
      };
      const entry: Waiting = {
        start() {
          leave();
          busy = true;
          resolve(createTurn());
        },
        refuse() {
          leave();
          reject(scope.error("closed", "the master was closed"));
        },
      };
      const giveUp = () => {
        leave();
        reject(
          scope.signal?.aborted
            ? scope.error("aborted", "aborted while it waited for its turn", scope.signal.reason)
            : scope.error("timeout", "its time was over before its turn came"),
        );
      };
      const cancel =
        scope.deadline === Number.POSITIVE_INFINITY
          ? () => {}
          : clock.after(Math.max(0, scope.deadline - clock.now()), giveUp);
      scope.signal?.addEventListener("abort", giveUp);
      waiting.add(entry);
    });
  }

  return {
    async take(scope) {
      if (closed) throw scope.error("closed", "the master was closed");
      scope.check();
      if (busy) return wait(scope);
      busy = true;
      return createTurn();
    },
    close() {
      closed = true;
      for (const entry of [...waiting]) entry.refuse();
    },
  };
}
