/** Public door of the generator: a model in, files out. */
export {
  BOARDS,
  type Board,
  type BoardBus,
  type BoardChoice,
  LINK_NAMES,
  type LinkName,
  linksOf,
  needsOwnLibrary,
} from "./boards/index.js";
export { type GenerateOptions, generate } from "./generate.js";
export {
  type GeneratedFile,
  TARGET_NAMES,
  type Target,
  type TargetName,
  type TargetOptions,
} from "./target.js";
