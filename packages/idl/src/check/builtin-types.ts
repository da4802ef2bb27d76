/** The built-in names of types: those of this version, and those of the language that come later. */

export const integerNames = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"] as const;
export const floatNames = ["f32", "f64"] as const;

export const builtinTypes: ReadonlySet<string> = new Set([
  ...integerNames,
  ...floatNames,
  "bool",
  "bytes",
  "string",
  "json",
]);

const bigEndian = [...integerNames, ...floatNames].flatMap((name) => (name.endsWith("8") ? [] : `${name}be`));

export const laterTypes: ReadonlySet<string> = new Set([...bigEndian, "pad"]);
