/** What `compareModels` tells of two texts. */
import { compareModels, type Diagnostic, type Model } from "../src/index.js";
import { compileText } from "./memory-host.js";

async function modelOf(text: string): Promise<Model> {
  const { model, diagnostics } = await compileText(text);
  if (model === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return model;
}

export async function changesOf(old: string, now: string): Promise<readonly Diagnostic[]> {
  const [before, after] = [await modelOf(old), await modelOf(now)];
  return compareModels({ model: before, path: "old.idl" }, { model: after, path: "input.idl" });
}
