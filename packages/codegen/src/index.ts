/** Public door of the generator: a model in, files out. */
export { type GenerateOptions, generate } from "./generate.js";
export {
  type GeneratedFile,
  TARGET_NAMES,
  type Target,
  type TargetName,
  type TargetOptions,
} from "./target.js";
