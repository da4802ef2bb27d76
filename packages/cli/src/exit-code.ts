/** What the command tells the shell. */
export const ExitCode = {
  ok: 0,
  /** Mistakes in the IDL, files out of date with `--check`, a script that raised, a full disk. */
  failed: 1,
  /** The command line, or a file it names, is wrong. */
  usage: 2,
  /** Our own bug. */
  internal: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
