import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    // Native packages and worker threads want processes of their own.
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
