/** The `.pyi` file: what `declarationsView` and `classView` tell, with annotations. */
import type { Model, Type } from "@rpcgen/idl/model";
import { declarationsView } from "./declarations-view.js";
import { classView } from "./interface-view.js";
import { createAnnotations } from "./type-annotations.js";

/** `taken`: every name at the top of the file. */
export function stubView(model: Model, taken: Iterable<string>) {
  const annotations = createAnnotations(model, taken);
  const annotated = <T extends { readonly type: Type }>(it: T) => ({
    ...it,
    annotation: annotations.given(it.type),
  });
  const { constants, enums, structs, errors } = declarationsView(model);
  return {
    constants: constants.map(annotated),
    enums,
    structs: structs.map((struct) => ({ ...struct, fields: struct.fields.map(annotated) })),
    errors: errors.map((error) => ({ ...error, fields: error.fields.map(annotated) })),
    aliases: annotations.aliases,
    interfaces: model.interfaces.map((declaration) => {
      const view = classView(declaration);
      return {
        ...view,
        methods: view.methods.map((method) => ({
          ...method,
          parameters: method.parameters.map(annotated),
          returns: annotations.returned(method.declaration),
        })),
      };
    }),
  };
}
