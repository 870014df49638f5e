import { defineConfig } from "vitest/config";

const everywhere = ["{apps,packages,bench,tools,playwright}/**"];
const never = ["**/node_modules/**", "**/.next*/**", "**/dist/**"];
const integration = everywhere.map((folder) => `${folder}/*.integration.test.ts`);

export default defineConfig({
  test: {
    // Real servers run beside the tests; more workers than cores only makes them time out.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: everywhere.map((folder) => `${folder}/*.test.{ts,tsx,mjs}`),
          exclude: [...never, ...integration],
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: integration,
          exclude: never,
          globalSetup: ["./packages/local-stack/src/vitest-servers.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
