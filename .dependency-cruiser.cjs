// Who may import whom, as docs/architecture.md has it. Run by `npm run lint`.
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from, pathNot: "\\.test\\.ts$" },
  to: { path: "^packages/", pathNot: [from, ...allowed] },
});

/** Inside a package folders point one way: `from` may import from the folders named, and from itself. */
const folder = (pkg, from, allowed) => ({
  name: `${pkg}-${from}`,
  severity: "error",
  from: { path: `^packages/${pkg}/src/${from}/`, pathNot: "\\.test\\.ts$" },
  to: {
    path: `^packages/${pkg}/src/[^/]+/`,
    pathNot: [from, ...allowed].map((name) => `^packages/${pkg}/src/${name}/`),
  },
});

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-undeclared-package",
      comment: "what is imported is declared in the package's own package.json",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm-peer"] },
    },
    {
      name: "sources-import-no-tests",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$|/test/" },
    },
    only("idl-imports-nobody", "^packages/idl/src/", []),
    only("codegen-imports-the-model-only", "^packages/codegen/src/", ["^packages/idl/(src|dist)/model/"]),
    only("runtime-imports-nobody", "^packages/runtime/src/", []),
    only("device-imports-the-runtime-door", "^packages/device/src/", [
      "^packages/runtime/(src|dist)/index\\.(d\\.)?[tj]s$",
    ]),
    {
      name: "runtime-core-has-no-node",
      severity: "error",
      from: {
        path: "^packages/runtime/src/",
        pathNot: ["\\.test\\.ts$", "^packages/runtime/src/transports/"],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "natives-only-in-their-transport",
      severity: "error",
      from: {
        path: "^packages/runtime/src/",
        pathNot: ["\\.test\\.ts$", "^packages/runtime/src/transports/"],
      },
      to: { path: "node_modules/(serialport|socketcan|i2c-bus|spi-device)/" },
    },
    folder("idl", "source", []),
    folder("idl", "diagnostics", ["source"]),
    folder("idl", "syntax", ["source", "diagnostics"]),
    folder("idl", "check", ["source", "diagnostics", "syntax", "model"]),
    folder("idl", "compare", ["source", "diagnostics", "check", "model"]),
    folder("runtime", "packet", []),
    folder("runtime", "link", []),
    folder("runtime", "peer", ["packet", "link"]),
    folder("runtime", "codec", ["packet", "peer"]),
    folder("runtime", "transports", ["link"]),
    folder("codegen", "typescript", []),
    folder("codegen", "boards", []),
    folder("codegen", "micropython", ["boards"]),
    folder("device", "scene", ["board"]),
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.tests.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
