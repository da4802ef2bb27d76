/**
 * The names of one generated module: what it declares, what it imports, and how an import is called there
 * when its name is taken. Everything that may be imported has its name before any code is written, so that
 * no local name can come to hide it; only what was asked for is imported.
 */
import { RESERVED_NAMES } from "./reserved-names.js";
import { isRuntimeType, RUNTIME_EXPORTS, RUNTIME_MODULE, type RuntimeName } from "./runtime-door.js";

/** A set of names in which each is given once. */
export class NameScope {
  readonly #taken: Set<string>;
  /** Its names are taken here, too. */
  readonly #outer: NameScope | null;

  constructor(taken: Iterable<string>, outer: NameScope | null = null) {
    this.#taken = new Set(taken);
    this.#outer = outer;
  }

  #has(name: string): boolean {
    if (this.#taken.has(name)) return true;
    return this.#outer === null ? false : this.#outer.#has(name);
  }

  /** `preferred`, or with as many `_` behind it as make it free. */
  claim(preferred: string): string {
    let name = preferred;
    while (this.#has(name)) name += "_";
    this.#taken.add(name);
    return name;
  }

  /** The name of a loop's index. */
  claimIndex(): string {
    return this.claim(["i", "j", "k"].find((name) => !this.#has(name)) ?? "i");
  }

  /** Gives back names whose block has ended. */
  release(...names: string[]): void {
    for (const name of names) this.#taken.delete(name);
  }

  /** A scope for the locals of one function, none of which hides a name of this one or is in `taken`. */
  locals(taken: readonly string[]): NameScope {
    return new NameScope(taken, this);
  }
}

interface Import {
  readonly module: string;
  readonly name: string;
  readonly local: string;
  use: "none" | "type" | "value";
}

export class ModuleNames {
  readonly scope = new NameScope(RESERVED_NAMES);
  readonly #imports = new Map<string, Import>();

  /** Gives names to the runtime's exports. The module's own names come first: those are the user's. */
  openRuntime(): void {
    for (const name of RUNTIME_EXPORTS) this.offer(RUNTIME_MODULE, name);
  }

  /** Makes an export of another module importable. */
  offer(module: string, name: string): void {
    this.#imports.set(`${module} ${name}`, { module, name, local: this.scope.claim(name), use: "none" });
  }

  /** Imports it; gives the name that it has here. */
  import(module: string, name: string, use: "type" | "value"): string {
    const found = this.#imports.get(`${module} ${name}`);
    if (found === undefined) throw new Error(`"${name}" of ${module} was not offered for import`);
    if (found.use !== "value") found.use = use;
    return found.local;
  }

  runtime(name: RuntimeName): string {
    return this.import(RUNTIME_MODULE, name, isRuntimeType(name) ? "type" : "value");
  }

  /** One declaration a module, names sorted. Ask last. */
  importDeclarations(): string[] {
    const modules = new Map<string, Import[]>();
    for (const found of this.#imports.values()) {
      if (found.use !== "none") modules.set(found.module, [...(modules.get(found.module) ?? []), found]);
    }
    return [...modules].map(([module, names]) => importText(module, names));
  }
}

function importText(module: string, names: readonly Import[]): string {
  const isTypeOnly = names.every(({ use }) => use === "type");
  const items = names
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, local, use }) => {
      const type = use === "type" && !isTypeOnly ? "type " : "";
      return `${type}${name}${local === name ? "" : ` as ${local}`}`;
    });
  const lines = items.map((item) => `  ${item},`);
  return [`import ${isTypeOnly ? "type " : ""}{`, ...lines, `} from ${JSON.stringify(module)};`].join("\n");
}
