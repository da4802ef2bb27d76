/** Counts how often the bytes of a message are moved in memory while something runs, whoever moves them. */

/** Smaller copies are the protocol's own packets, and the odd end of a chunk. */
const SMALLEST_COUNTED_BYTES = 1024;

export interface CountCopiesOptions {
  /** Copies of less are not counted; 1,024 by default. On a link of small frames each of them is a part of the message. */
  readonly smallestBytes?: number;
}

interface NodeBuffer {
  concat(...all: unknown[]): Uint8Array;
  from(...all: unknown[]): Uint8Array;
}

/**
 * How many bytes were copied between typed arrays of this program while `work` ran. One at a time: it watches the
 * arrays' own methods.
 */
export async function countCopiedBytes(
  work: () => Promise<unknown>,
  { smallestBytes = SMALLEST_COUNTED_BYTES }: CountCopiesOptions = {},
): Promise<number> {
  let copied = 0;
  const note = ({ length }: ArrayLike<unknown>) => {
    if (length >= smallestBytes) copied += length;
  };
  const unwatch = [watchArrays(note), watchBuffers(note)];
  try {
    await work();
  } finally {
    for (const each of unwatch) each();
  }
  return copied;
}

function watchArrays(note: (copied: ArrayLike<unknown>) => void): () => void {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const { set, slice, copyWithin } = prototype;
  prototype.set = function (source, offset) {
    note(source);
    set.call(this, source, offset);
  };
  prototype.slice = function (...range) {
    const made = slice.apply(this, range);
    note(made);
    return made;
  };
  prototype.copyWithin = function (...range) {
    note(this);
    return copyWithin.apply(this, range) as typeof this;
  };
  return () => void Object.assign(prototype, { set, slice, copyWithin });
}

/** Node's own copies go past the methods of the arrays. */
function watchBuffers(note: (copied: ArrayLike<unknown>) => void): () => void {
  const { Buffer } = globalThis as { Buffer?: NodeBuffer };
  if (Buffer === undefined) return () => {};
  const { concat, from } = Buffer;
  Buffer.concat = (...all) => {
    const made = concat(...all);
    note(made);
    return made;
  };
  Buffer.from = (...all) => {
    const made = from(...all);
    // Over another array's memory it copies nothing.
    if (!(all[0] instanceof ArrayBuffer)) note(made);
    return made;
  };
  return () => void Object.assign(Buffer, { concat, from });
}
