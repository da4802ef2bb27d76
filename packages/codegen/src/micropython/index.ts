/** The MicroPython target. */
import type { Target } from "../target.js";

export const microPythonTarget: Target = {
  name: "micropython",
  generate: () => [],
};
