/**
 * The door for targets: what turns a model into files. A target spells; sizes, offsets and ids are the
 * model's. Nothing here touches the disk.
 */
import type { Model } from "@rpcgen/idl/model";
import type { BoardChoice } from "./boards/index.js";

export const TARGET_NAMES = ["typescript", "micropython"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export interface GeneratedFile {
  /** Relative to the output folder, `/` between folders. */
  readonly path: string;
  readonly text: string;
  /** True for files that people edit: written only where there is none yet. */
  readonly once: boolean;
  /** The line from which on a file that is there already belongs to the person; null where all of it is generated. */
  readonly yoursFrom: string | null;
}

export interface TargetOptions {
  /** Version of the generator, for the header of each file. */
  readonly generatorVersion: string;
  /** Name of the source file as the header shows it, such as `camera.idl`: no folders of one machine. */
  readonly sourceFile: string;
  /** MicroPython only: one script that holds everything, to paste into an editor. */
  readonly singleFile: boolean;
  /**
   * The answer to `rpcgen_schema` ends with a NUL and the canonical text of each interface the slave serves,
   * in the order of their fingerprints, with a NUL between two; without it, with the generator's version.
   */
  readonly embedSchema: boolean;
  /** MicroPython only: the board and link that the script to start from fits; without one, a camera's UART. */
  readonly board?: BoardChoice | null;
}

export interface Target {
  readonly name: TargetName;
  /** The same model and options give the same bytes. */
  generate(
    model: Model,
    options: TargetOptions,
  ): readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;
}
