/**
 * A link whose socket is in another process: what is asked of the link here is done by a child over there.
 * So both ends of a cable are tested from one place, and neither blocks the other.
 *
 * As a program (forked below): opens links and does what the messages say.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RpcError } from "@rpcgen/runtime";

const self = fileURLToPath(import.meta.url);

/** A process that opens links: `open(module, exportName, arguments)` gives one; `close()` ends it. */
export function startFarEnd() {
  const child = fork(self, { serialization: "advanced" });
  const waiting = new Map();
  let last = 0;
  child.on("message", ({ id, value, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(error.code ? new RpcError(error.code, error.message, error) : new Error(error.message));
    else resolve(value);
  });

  function ask(message, signal) {
    last += 1;
    const id = last;
    child.send({ id, ...message });
    const abort = () => child.connected && child.send({ abort: id });
    signal?.addEventListener("abort", abort, { once: true });
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject })).finally(() =>
      signal?.removeEventListener("abort", abort),
    );
  }

  return {
    async open(module, name, args) {
      const { link, traits } = await ask({ open: { module, name, args } });
      const call = (method, args, signal) => ask({ link, method, args, aborted: signal?.aborted }, signal);
      return {
        number: link,
        traits,
        available: 0,
        async getBytes(into, timeoutMs, signal) {
          const data = await call("getBytes", [into.length, timeoutMs], signal);
          if (data) into.set(data);
          return data !== null;
        },
        putBytes: (data, timeoutMs, signal) => call("putBytes", [Uint8Array.from(data), timeoutMs], signal),
        flush: () => call("flush", []),
        counts: () => call("counts", []),
        close: () => call("close", []),
        [Symbol.asyncDispose]: () => call("close", []),
      };
    },
    /** Calls a function of a module over there; its arguments and result are copied. */
    call: (module, name, ...args) => ask({ call: { module, name, args } }),
    /** Calls one with a link that was opened over there, and doesn't wait for its end. */
    start: (link, module, name, ...args) => ask({ start: { link: link.number, module, name, args } }),
    close: () => child.disconnect(),
  };
}

if (process.argv[1] === self && process.send) serve();

function serve() {
  const links = [];
  const controllers = new Map();
  process.on("message", async (message) => {
    const { id, abort, aborted } = message;
    if (abort) return controllers.get(abort)?.abort();
    const controller = new AbortController();
    controllers.set(id, controller);
    if (aborted) controller.abort();
    try {
      const value = await act(message, controller.signal);
      process.send({ id, value });
    } catch (error) {
      const { code, message, phase, executed } = error;
      process.send({
        id,
        error: { code: error instanceof RpcError ? code : null, message, phase, executed },
      });
    } finally {
      controllers.delete(id);
    }
  });
  process.on("disconnect", () => process.exit(0));

  async function act({ open, call, start, link, method, args }, signal) {
    if (open) return openLink(open);
    if (call) return (await import(call.module))[call.name](...call.args);
    if (!start) return use(links[link], method, args, signal);
    void (await import(start.module))[start.name](links[start.link], ...start.args);
  }

  async function openLink({ module, name, args }) {
    const opened = await (await import(module))[name](...args);
    links.push(opened);
    return { link: links.length - 1, traits: { ...opened.traits } };
  }

  async function use(link, method, args, signal) {
    if (method === "getBytes") {
      const into = new Uint8Array(args[0]);
      return (await link.getBytes(into, args[1], signal)) ? into : null;
    }
    return method === "putBytes" ? link.putBytes(...args, signal) : link[method]();
  }
}
