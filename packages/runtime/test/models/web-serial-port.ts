/**
 * A model of the browser's serial port, on real web streams: locks, a port that can't be closed while one of
 * them is held, a fresh stream after an error of the line, null streams once it is unplugged.
 */
import type { WebSerialPort } from "../../src/transports/web-serial.js";

export interface WebSerialModel {
  readonly port: WebSerialPort;
  readonly isOpen: boolean;
  readonly openedWith: unknown;
  readonly signals: unknown[];
  /** Joins the transmit line to something. */
  onWrite: (bytes: Uint8Array) => void;
  receive(bytes: Uint8Array): void;
  /** A parity or framing error: the stream ends with it, and the port offers a new one. */
  breakLine(): void;
  unplug(): void;
  /** Opening rejects with this error of the browser. */
  refuse: { readonly name: string; readonly message: string } | null;
}

export function createWebSerialModel(): WebSerialModel {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let readable: ReadableStream<Uint8Array> | null = null;
  let writable: WritableStream<Uint8Array> | null = null;

  function renew(): void {
    readable = new ReadableStream<Uint8Array>({
      start(each) {
        controller = each;
      },
    });
  }

  const model = {
    isOpen: false,
    openedWith: null as unknown,
    signals: [] as unknown[],
    onWrite: (_: Uint8Array) => {},
    refuse: null as WebSerialModel["refuse"],
    port: {
      get readable() {
        return readable;
      },
      get writable() {
        return writable;
      },
      async open(options: unknown) {
        if (model.refuse !== null)
          throw Object.assign(new Error(model.refuse.message), { name: model.refuse.name });
        model.isOpen = true;
        model.openedWith = options;
        renew();
        writable = new WritableStream<Uint8Array>({ write: (bytes) => model.onWrite(bytes) });
      },
      async close() {
        if (readable?.locked || writable?.locked) throw new TypeError("Cannot cancel a locked stream");
        model.isOpen = false;
        readable = null;
        writable = null;
      },
      async setSignals(signals: unknown) {
        model.signals.push(signals);
      },
    },
    receive: (bytes: Uint8Array) => controller?.enqueue(bytes),
    breakLine() {
      const broken = controller;
      renew();
      broken?.error(Object.assign(new Error("parity"), { name: "ParityError" }));
    },
    unplug() {
      const last = controller;
      readable = null;
      writable = null;
      last?.error(Object.assign(new Error("The device has been lost."), { name: "NetworkError" }));
    },
  };
  return model;
}
