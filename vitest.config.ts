import { defineConfig } from "vitest/config";

const everywhere = ["{apps,packages,bench,tools,playwright}/**"];
const never = ["**/node_modules/**", "**/.next*/**", "**/dist/**"];
const integration = everywhere.map((folder) => `${folder}/*.integration.test.ts`);

export default defineConfig({
  test: {
    // Most tests wait for processes and disks: one worker more than two cores keeps them busy.
    maxWorkers: 3,
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
