/** The built-in names of types. */

export const integerNames = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"] as const;
export const floatNames = ["f32", "f64"] as const;

/** `u16be` and the like; one byte has no order. */
const bigEndianNames = [...integerNames, ...floatNames].flatMap((name) =>
  name.endsWith("8") ? [] : `${name}be`,
);

export const builtinTypes: ReadonlySet<string> = new Set([
  ...integerNames,
  ...floatNames,
  ...bigEndianNames,
  "bool",
  "bytes",
  "string",
  "json",
  "pad",
]);

/** `throws none`: no error can have this name. */
export const noErrors = "none";
