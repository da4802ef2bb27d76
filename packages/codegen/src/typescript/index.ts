/** The TypeScript target: types and codecs, master stub, slave skeleton. */
import type { Target } from "../target.js";

export const typescriptTarget: Target = {
  name: "typescript",
  generate: () => [],
};
