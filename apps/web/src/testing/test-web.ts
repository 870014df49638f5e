import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startTestServers, type TestServers } from "@teatree/local-stack/testing";
import { type ApiClient, createApiClient } from "@teatree/shared/client/api";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { createLogger } from "@teatree/shared/runtime/logger";
import { createShutdown, type Shutdown } from "@teatree/shared/runtime/shutdown";
import type { FastifyInstance } from "fastify";
import { startWebServer } from "../api/start.ts";
import type { WebConfig } from "../env.ts";
import type { WebContext } from "../server/context.ts";

export const TEST_TOKEN = "test-token-of-the-local-admin";
export const TEST_SECRET = "test-secret-that-signs-internal-tokens";
export const TEST_UPLOAD_LIMIT_BYTES = 200_000;

export type TestWeb = {
  url: string;
  app: FastifyInstance;
  context: WebContext;
  api: ApiClient;
  pool: Pool;
  servers: TestServers;
  versionsDirectory: string;
  /** `fetch` on a path of the server with the admin's token. */
  send: (path: string, init?: RequestInit) => Promise<Response>;
  shutdown: Shutdown;
  stop: () => Promise<void>;
};

/** The real API server in this process, on real PostgreSQL and NATS; no pages, no dispatcher, no manager. */
export async function startTestWeb(): Promise<TestWeb> {
  const servers = await startTestServers();
  await migrate(servers.databaseUrl);
  const versionsDirectory = join(servers.home, "versions");
  await mkdir(versionsDirectory, { recursive: true });
  const config: WebConfig = {
    databaseUrl: servers.databaseUrl,
    natsUrl: servers.nats.url,
    natsWebSocketUrl: servers.nats.wsUrl,
    natsCalloutSeed: servers.nats.calloutIssuerSeed,
    versionsDirectory,
    objectStore: { kind: "directory", path: join(servers.home, "objects") },
    token: TEST_TOKEN,
    secret: TEST_SECRET,
    uploadLimitBytes: TEST_UPLOAD_LIMIT_BYTES,
    development: false,
    buildFolder: ".next",
    parentPid: undefined,
    host: "127.0.0.1",
    port: 0,
    logLevel: "silent",
    tracingEndpoint: undefined,
  };
  const logger = createLogger("web", "silent");
  const shutdown = createShutdown(logger, { ownsProcess: false });
  const { url, app, context } = await startWebServer({ config, logger, shutdown, appFolder: null });
  const pool = openPool(servers.databaseUrl, { applicationName: "test", max: 4 });
  const authorization = `Bearer ${TEST_TOKEN}`;
  return {
    url,
    app,
    context,
    api: createApiClient({ baseUrl: url, token: TEST_TOKEN }),
    pool,
    servers,
    versionsDirectory,
    shutdown,
    send: (path, init = {}) => fetch(url + path, { ...init, headers: { authorization, ...init.headers } }),
    async stop() {
      await shutdown.run("test is over");
      await pool.end();
      await servers[Symbol.asyncDispose]();
    },
  };
}
