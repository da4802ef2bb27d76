/**
 * Everything that `<file>.types.ts` declares, with its name. The other two files import from it, so this
 * is worked out first.
 */
import type {
  Declaration,
  EnumDeclaration,
  ErrorDeclaration,
  Field,
  FunctionDeclaration,
  InterfaceDeclaration,
  Model,
  StructDeclaration,
  StructType,
  Type,
  UnionDeclaration,
} from "@rpcgen/idl/model";
import { ModuleNames, NameScope } from "./module-names.js";
import { RESERVED_CODEC_LOCALS, RESERVED_ERROR_FIELDS } from "./reserved-names.js";
import type { RuntimeName } from "./runtime-door.js";
import { type Naming, valuedFields } from "./type-text.js";

/** What has fields or variants, and is packed by functions of its own. */
export type PackedDeclaration = StructDeclaration | UnionDeclaration;

/** The functions that pack a struct or a union. */
export interface PackerNames {
  /** Checks a value and writes it: where there is room, or where its size varies after making it. */
  readonly write: string;
  readonly read: string;
}

export interface EnumNames {
  readonly is: string;
  readonly read: string;
}

export interface ErrorNames {
  /** The exported constant that says how it is packed. */
  readonly codec: string;
  /** What its fields are called as properties: they must not hide those of errors. */
  readonly fields: ReadonlyMap<Field, string>;
}

/** What a function gives: null where it gives nothing. */
export type ResultType = Type | null;

export class TypesModule implements Naming {
  readonly names = new ModuleNames();
  /** As an import specifier. */
  readonly path: string;
  readonly #exports = new Set<string>();
  readonly #declarations = new Map<Declaration | InterfaceDeclaration, string>();
  readonly #sizes = new Map<Declaration, string>();
  readonly #enums = new Map<EnumDeclaration, EnumNames>();
  readonly #packers = new Map<PackedDeclaration, PackerNames>();
  readonly #errors = new Map<ErrorDeclaration, ErrorNames>();
  readonly #schemas = new Map<InterfaceDeclaration, string>();
  readonly #results = new Map<FunctionDeclaration, ResultType>();
  readonly #resultStructs: StructDeclaration[] = [];
  readonly #enumsRead = new Set<EnumDeclaration>();
  readonly #codecs = new Map<PackedDeclaration, { encode: string; decode: string }>();

  constructor(model: Model) {
    this.path = `./${model.fileBase}.types.js`;
    for (const declaration of model.declarations) {
      this.#declarations.set(declaration, this.#export(declaration.names.typescript));
    }
    this.names.openRuntime();
    for (const declaration of model.declarations) this.#nameParts(declaration);
    for (const declared of model.interfaces) {
      const base = declared.names.typescript;
      this.#declarations.set(declared, this.#export(`${base}Functions`));
      this.#schemas.set(declared, this.#export(`${base}Schema`));
      for (const fn of declared.functions) this.#results.set(fn, this.#resultType(base, fn));
    }
  }

  /** Every name that the module exports. */
  get exports(): ReadonlySet<string> {
    return this.#exports;
  }

  /** Name of a declared type or constant; of an interface, that of its function codecs. */
  declared(declaration: Declaration | InterfaceDeclaration): string {
    return known(this.#declarations, declaration);
  }

  /** A scope for the locals of one codec function. */
  locals(): NameScope {
    return this.names.scope.locals(RESERVED_CODEC_LOCALS);
  }

  runtime(name: RuntimeName): string {
    return this.names.runtime(name);
  }

  size(declaration: Declaration): string {
    return known(this.#sizes, declaration);
  }

  enumTest(declaration: EnumDeclaration): string {
    return known(this.#enums, declaration).is;
  }

  /** The function that checks a number from the wire. It is written only if this was asked for. */
  enumReader(declaration: EnumDeclaration): string {
    this.#enumsRead.add(declaration);
    return known(this.#enums, declaration).read;
  }

  isRead(declaration: EnumDeclaration): boolean {
    return this.#enumsRead.has(declaration);
  }

  packer(declaration: PackedDeclaration): PackerNames {
    return known(this.#packers, declaration);
  }

  error(declaration: ErrorDeclaration): ErrorNames {
    return known(this.#errors, declaration);
  }

  /** The constant by which the handshake knows an interface. */
  schema(declared: InterfaceDeclaration): string {
    return known(this.#schemas, declared);
  }

  /** The exported functions for a struct or union that is a message of its own. */
  codec(declaration: PackedDeclaration): { readonly encode: string; readonly decode: string } {
    return known(this.#codecs, declaration);
  }

  result(fn: FunctionDeclaration): ResultType {
    return known(this.#results, fn);
  }

  /** Several named results arrive as one object: the structs of those. */
  get resultStructs(): readonly StructDeclaration[] {
    return this.#resultStructs;
  }

  #nameParts(declaration: Declaration): void {
    const type = this.declared(declaration);
    if (declaration.kind !== "constant") this.#sizes.set(declaration, this.#export(`${type}Size`));
    if (declaration.kind === "enum") {
      const { scope } = this.names;
      this.#enums.set(declaration, { is: this.#export(`is${type}`), read: scope.claim(`read${type}`) });
    }
    if (declaration.kind === "error") {
      this.#errors.set(declaration, {
        codec: this.#export(`${type}Codec`),
        fields: errorFieldNames(declaration),
      });
    }
    if (declaration.kind === "struct" || declaration.kind === "union") {
      this.#packers.set(declaration, this.#packer(type));
      this.#codecs.set(declaration, {
        encode: this.#export(`encode${type}`),
        decode: this.#export(`decode${type}`),
      });
    }
  }

  #resultType(interfaceName: string, fn: FunctionDeclaration): ResultType {
    if (fn.result.kind === "nothing") return null;
    if (fn.result.kind === "single") return fn.result.type;
    const { fields, optional, size } = fn.result;
    const name = fn.names.typescript;
    const suffix = fn.transfer.kind === "call" ? "Result" : "Header";
    const type = this.#export(`${interfaceName}${name.charAt(0).toUpperCase()}${name.slice(1)}${suffix}`);
    const min = fields.reduce((sum, field) => sum + field.type.size.min, 0);
    const declaration: StructDeclaration = {
      kind: "struct",
      names: { source: type, typescript: type, python: type },
      doc:
        fn.transfer.kind === "call"
          ? `What \`${name}\` gives.`
          : `What comes before the data of \`${name}\`.`,
      deprecated: null,
      unit: null,
      media: null,
      span: fn.span,
      fields,
      size: { min, max: size.max },
    };
    this.#resultStructs.push(declaration);
    this.#declarations.set(declaration, type);
    this.#packers.set(declaration, this.#packer(type));
    const struct: StructType = { kind: "struct", declaration, size: declaration.size, alias: null };
    return optional ? { kind: "optional", form: "tail", value: struct, size, alias: null } : struct;
  }

  #packer(type: string): PackerNames {
    const { scope } = this.names;
    return {
      write: scope.claim(`write${type}`),
      read: scope.claim(`read${type}`),
    };
  }

  #export(name: string): string {
    const given = this.names.scope.claim(name);
    this.#exports.add(given);
    return given;
  }
}

function errorFieldNames({ fields }: ErrorDeclaration): ReadonlyMap<Field, string> {
  const scope = new NameScope(RESERVED_ERROR_FIELDS);
  return new Map(valuedFields(fields).map((field) => [field, scope.claim(field.names.typescript)]));
}

function known<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error("the model refers to something that it does not declare");
  return value;
}
