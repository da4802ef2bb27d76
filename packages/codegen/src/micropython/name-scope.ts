/** Gives names that nothing else in the same scope has. */
export interface NameScope {
  /** The wished name, with as many trailing `_` as it takes to be the only one. */
  take(wished: string): string;
}

export function createNameScope(taken: Iterable<string>): NameScope {
  const names = new Set(taken);
  return {
    take(wished) {
      let name = wished;
      while (names.has(name)) name += "_";
      names.add(name);
      return name;
    },
  };
}
