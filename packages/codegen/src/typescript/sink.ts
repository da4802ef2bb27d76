/** Where the code that reads a value puts it. */

/** What becomes of a value that was read: a new constant, or a statement that has use for it. */
export type Sink =
  | { readonly kind: "const"; readonly name: string; readonly type: string }
  | { readonly kind: "statement"; readonly make: (value: string) => string };

export function emit(sink: Sink, value: string): string[] {
  return [sink.kind === "const" ? `const ${sink.name} = ${value};` : sink.make(value)];
}

export function assignTo(name: string): Sink {
  return { kind: "statement", make: (value) => `${name} = ${value};` };
}
