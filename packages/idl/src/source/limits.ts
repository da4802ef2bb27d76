/** Limits are errors, not crashes: far beyond any real interface, and small enough for any machine. */

/** Brackets of a file, and types within types. */
export const maxNesting = 64;

export const maxSourceBytes = 4 * 1024 * 1024;

/** Of a file together with everything that it imports. */
export const maxDeclarations = 65_535;

/** Told of one file. */
export const maxSyntaxMistakes = 1000;
