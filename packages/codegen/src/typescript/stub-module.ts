/** Names of `<file>.master.ts` or `<file>.slave.ts`: their own, and what they import from the types. */
import type { Declaration, InterfaceDeclaration, Model } from "@rpcgen/idl/model";
import { textLines } from "./lines.js";
import { ModuleNames, type NameScope } from "./module-names.js";
import type { RuntimeName } from "./runtime-door.js";
import type { Naming } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

/** What a file declares for an interface called `name`: a type, and a function that makes or registers it. */
export interface StubNames {
  readonly type: (name: string) => string;
  readonly factory: (name: string) => string;
}

export class StubModule implements Naming {
  readonly names = new ModuleNames();
  readonly types: TypesModule;
  readonly #own = new Map<InterfaceDeclaration, { type: string; factory: string; text: string }>();

  constructor(model: Model, types: TypesModule, { type, factory }: StubNames) {
    this.types = types;
    const { scope } = this.names;
    for (const declared of model.interfaces) {
      const name = declared.names.typescript;
      const own = { type: scope.claim(type(name)), factory: scope.claim(factory(name)) };
      this.#own.set(declared, { ...own, text: scope.claim(`canonicalTextOf${name}`) });
    }
    this.names.openRuntime();
    for (const name of types.exports) this.names.offer(types.path, name);
  }

  own(declared: InterfaceDeclaration): string {
    return this.#names(declared).type;
  }

  factory(declared: InterfaceDeclaration): string {
    return this.#names(declared).factory;
  }

  /** The constant with what the handshake compares. */
  canonicalText(declared: InterfaceDeclaration): string {
    return this.#names(declared).text;
  }

  /** The object with the codecs of an interface's functions. */
  functions(declared: InterfaceDeclaration): string {
    return this.names.import(this.types.path, this.types.declared(declared), "value");
  }

  /** What the handshake knows of an interface. */
  schema(declared: InterfaceDeclaration): string {
    return this.names.import(this.types.path, this.types.schema(declared), "value");
  }

  declared(declaration: Declaration, use: "type" | "value"): string {
    return this.names.import(this.types.path, this.types.declared(declaration), use);
  }

  /** A scope for the parameters of one method. */
  locals(): NameScope {
    return this.names.scope.locals(["_", "implementation", "master", "slave"]);
  }

  runtime(name: RuntimeName): string {
    return this.names.runtime(name);
  }

  #names(declared: InterfaceDeclaration) {
    const found = this.#own.get(declared);
    if (found === undefined) throw new Error(`${declared.names.source} is no interface of the file`);
    return found;
  }
}

/** What decides the bytes of an interface, as text, by which two sides find out where they differ. */
export function canonicalText(module: StubModule, declared: InterfaceDeclaration): string {
  return textLines(`const ${module.canonicalText(declared)}`, declared.canonicalText);
}
