import { fileURLToPath } from "node:url";
import { startChild } from "@teatree/local-stack/child";
import { expect, vi } from "vitest";
import { TEST_SECRET, type TestWeb } from "./test-web.ts";

/**
 * The real dispatcher as a process beside the test's web server; it starts real managers. Resolves when every part is up, with what
 * stops it.
 */
export async function startDispatcher(web: TestWeb): Promise<() => Promise<void>> {
  const program = fileURLToPath(new URL("../../../dispatcher/src/main.ts", import.meta.url));
  const dispatcher = await startChild(process.execPath, [program], {
    env: {
      NODE_ENV: "test",
      PATH: "/usr/bin:/bin",
      DATABASE_URL: web.servers.databaseUrl,
      NATS_URL: web.servers.nats.url,
      TEATREE_HOME: web.servers.home,
      TEATREE_SECRET: TEST_SECRET,
      TEATREE_PARENT_PID: String(process.pid),
      LOG_LEVEL: "warn",
    },
  });
  await vi.waitFor(async () => expect((await web.send("/api/v1/health")).status).toBe(200), {
    timeout: 30_000,
    interval: 100,
  });
  return async () => void (await dispatcher.stop("SIGTERM", 10_000));
}
