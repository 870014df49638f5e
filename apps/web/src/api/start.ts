import { join } from "node:path";
import { openBlockStore } from "@teatree/shared/block-store/block-store";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { openPool } from "@teatree/shared/control-db/pool";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { Shutdown } from "@teatree/shared/runtime/shutdown";
import type { FastifyInstance } from "fastify";
import type { WebConfig } from "../env.ts";
import { createSessions } from "../server/access/sessions.ts";
import type { WebContext } from "../server/context.ts";
import { answerAuthCallout } from "../server/live/auth-callout.ts";
import { createNatsProxy } from "../server/live/nats-proxy.ts";
import { sweepNotifications } from "../server/live/notification-sweep.ts";
import { createQueue } from "../server/queue/queue.ts";
import { createManagers } from "../server/reads/managers.ts";
import { openPages } from "../server/site/pages.ts";
import { openStaticFiles } from "../server/site/static-files.ts";
import { freePort } from "./free-port.ts";
import type { Site } from "./site.ts";
import { handleUpgrades } from "./upgrades.ts";
import { buildWebServer } from "./web-server.ts";

/** How long requests that run at SIGTERM may take to end. */
const DRAIN_MS = 4_000;

export type StartOptions = {
  config: WebConfig;
  logger: Logger;
  shutdown: Shutdown;
  /** Where the app lies; null: no pages, only the API. */
  appFolder: string | null;
};

export type StartedWeb = { url: string; app: FastifyInstance; context: WebContext };

/** Opens everything the web server needs, listens, and adds its release to the shutdown. */
export async function startWebServer(options: StartOptions): Promise<StartedWeb> {
  const { logger, shutdown } = options;
  const port = options.config.port === 0 ? await freePort() : options.config.port;
  const config = { ...options.config, port };
  const context = await openContext(config, logger, shutdown);
  const site = options.appFolder === null ? undefined : await openSite(config, options.appFolder, shutdown);
  const { host } = config;
  const app = await buildWebServer(context, { host, port, site });
  const proxy = config.natsWebSocketUrl === undefined ? undefined : createNatsProxy(config.natsWebSocketUrl);
  handleUpgrades(app.server, { context, host, port, proxy, pages: site?.pages });
  await app.listen({ host, port });
  shutdown.add("web server", async () => {
    proxy?.close();
    await drain(app);
  });
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, app, context };
}

/** Takes no more requests, lets those that run end, and cuts off what takes too long. */
async function drain(app: FastifyInstance): Promise<void> {
  // A connection whose answer began before the close is kept alive by its client and would hold it up.
  const idle = setInterval(() => app.server.closeIdleConnections(), 50);
  const late = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(late);
  }
}

async function openContext(config: WebConfig, logger: Logger, shutdown: Shutdown): Promise<WebContext> {
  const pool = openPool(config.databaseUrl, { applicationName: "web", max: 20 });
  shutdown.add("control database", () => pool.end());
  const store = await openObjectStore(config.objectStore);
  shutdown.add("object store", () => store.close());
  const sessions = createSessions({ db: pool, token: config.token, port: config.port });
  const seed = config.natsCalloutSeed;
  const queue = createQueue({
    url: config.natsUrl,
    logger,
    signal: shutdown.signal,
    onConnection: (connection) => {
      if (seed !== undefined) answerAuthCallout(connection, { sessions, seed, logger });
    },
  });
  shutdown.add("queue", () => queue.close());
  const managers = createManagers({ queue, secret: config.secret });
  shutdown.add("notification sweep", sweepNotifications({ pool, queue, logger }));
  const { versionsDirectory, uploadLimitBytes } = config;
  const blocks = openBlockStore(packPlaces(store, versionsDirectory));
  const parts = { pool, store, blocks, queue, managers, sessions, logger };
  return { ...parts, versionsDirectory, uploadLimitBytes, stopping: shutdown.signal };
}

async function openSite(config: WebConfig, folder: string, shutdown: Shutdown): Promise<Site> {
  const { development, host: hostname, port, buildFolder } = config;
  const pages = await openPages({ folder, development, hostname, port });
  shutdown.add("pages", pages.close);
  const staticFiles = development ? undefined : await openStaticFiles(join(folder, buildFolder, "static"));
  return { pages, staticFiles };
}
