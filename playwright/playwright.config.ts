import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./fixtures/browser.ts";

/** One file per promise to a user, on the really started system. Each worker has a system of its own, and two cores carry two. */
export default defineConfig({
  testDir: "promises",
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: "list",
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
