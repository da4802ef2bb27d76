import { describe, expect, test } from "vitest";
import { type Host, load, type Parsed } from "./load.js";
import type { SourceFile } from "./source-file.js";

/** Lines `import x` are imports, and a file that says `broken` cannot be parsed. */
function parse(source: SourceFile): Parsed | null {
  const span = { file: source.path, start: 0, end: 1, line: 1, column: 1 };
  const imports = [...source.text.matchAll(/import (\S+)/g)].map((match) => ({ path: match[1] ?? "", span }));
  return source.text.includes("broken") ? null : { source, imports };
}

function createHost(files: Readonly<Record<string, string>>): Host {
  return {
    read(path) {
      if (path === "forbidden") throw new Error("no permission");
      const text = files[path];
      return text === undefined ? null : Promise.resolve(new TextEncoder().encode(text));
    },
    resolve(_, relative) {
      if (relative === "?") throw new Error("no path");
      return relative.replace("./", "");
    },
  };
}

async function loadAll(files: Readonly<Record<string, string>>) {
  const { files: read, unreadable, incomplete, importedBy } = await load("a", createHost(files), parse);
  return {
    read: read.map((file) => file.source.path),
    unreadable: unreadable.map(({ path, reason }) => `${path}: ${reason.kind}`),
    incomplete,
    importedBy,
  };
}

describe("load", () => {
  test("reads each file once, in the order in which they are imported", async () => {
    const loaded = await loadAll({ a: "import b import c", b: "import d import ./c", c: "", d: "import a" });
    expect(loaded).toMatchObject({ read: ["a", "b", "c", "d"], unreadable: [], incomplete: false });
    expect([...(loaded.importedBy.get("b") ?? [])]).toEqual(["d", "c"]);
  });

  test("goes on past files that are not there or that the host refuses", async () => {
    const loaded = await loadAll({ a: "import ./missing import ? import forbidden import b", b: "" });
    expect(loaded).toMatchObject({
      read: ["a", "b"],
      unreadable: ["?: missing", "./missing: missing", "forbidden: missing"],
      incomplete: true,
    });
  });

  test("is incomplete where a file cannot be parsed", async () => {
    expect(await loadAll({ a: "import b", b: "broken" })).toMatchObject({ read: ["a"], incomplete: true });
  });
});
