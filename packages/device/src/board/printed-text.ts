/** Gathers the bytes that Python prints into whole pieces of text. */
export interface PrintedText {
  /** One piece of output, as MicroPython gives it. */
  write(bytes: Uint8Array): void;
  /** Hands on what has been printed without a line end. */
  flush(): void;
}

const LINE_FEED = 10;

export function createPrintedText(onText: (text: string) => void): PrintedText {
  const decoder = new TextDecoder();
  let pending: number[] = [];
  const flush = (): void => {
    if (pending.length === 0) return;
    const text = decoder.decode(Uint8Array.from(pending), { stream: true });
    pending = [];
    if (text !== "") onText(text);
  };
  return {
    flush,
    write(bytes: Uint8Array): void {
      for (const byte of bytes) {
        pending.push(byte);
        if (byte === LINE_FEED) flush();
      }
    },
  };
}
