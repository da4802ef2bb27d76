/** What the system refused on the disk, in words: the person's to mend, not a bug. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "your quota on this disk is used up",
  EEXIST: "something else is in its place",
  EINVAL: "this disk does not take such a name",
  EISDIR: "a folder is in its place",
  ELOOP: "its symbolic links go round in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENFILE: "too many files are open",
  ENOENT: "the system makes nothing there",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is a file, not a folder",
  EPERM: "the system does not permit it",
  EROFS: "the disk is read-only",
};

export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly #what: string;
  readonly #reason: string;

  /** @param what Such as "write /a/b.ts". */
  constructor(what: string, reason: string, options?: ErrorOptions) {
    super(`can't ${what}: ${reason}`, options);
    this.#what = what;
    this.#reason = reason;
  }

  /** The same, with what became of the files: "no file was changed". */
  adding(state: string): DiskError {
    return new DiskError(this.#what, `${this.#reason}; ${state}`, { cause: this.cause });
  }
}

export function reasonOf({ code, message }: SystemError): string {
  const reason = REASONS[code];
  return reason === undefined ? message : `${reason} (${code})`;
}

export type SystemError = Error & { readonly code: string };

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** Gives what `act` gives. @throws DiskError for what the system refuses */
export function onDisk<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw isSystemError(error) ? new DiskError(what, reasonOf(error), { cause: error }) : error;
  }
}
