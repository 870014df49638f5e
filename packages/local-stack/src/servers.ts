import { join } from "node:path";
import { connectNats } from "@teatree/shared/runtime/nats";
import { natsCacheFolder, programSearchPath } from "./env.ts";
import { natsBinary } from "./nats-binary.ts";
import { type NatsServer, startNats } from "./nats-server.ts";
import { openPartLog } from "./part-log.ts";
import { startPostgres } from "./postgres-server.ts";
import { type Settings, StartError } from "./settings.ts";
import type { Supervisor } from "./supervisor.ts";

const SERVER_STAGE = 0;

/** The database's address: the given one, else of a PostgreSQL that is started and kept running in the home. */
export async function provideDatabase(settings: Settings, supervisor: Supervisor): Promise<string> {
  if (settings.databaseUrl !== null) return settings.databaseUrl;
  const log = await openPartLog(settings.home, "postgres");
  const folder = join(settings.home, "postgres");
  let url = "";
  let port: number | undefined;
  await supervisor.run({
    name: "postgres",
    stage: SERVER_STAGE,
    stopSignal: "SIGINT",
    async start(signal) {
      const server = await startPostgres({ folder, log, port, signal });
      ({ url, port } = server);
      return server.child;
    },
  });
  return url;
}

export type NatsEnvironment = Record<string, string> & { NATS_URL: string };

/** What the parts must know of NATS, by the names of their environment. */
export async function provideNats(
  settings: Settings,
  supervisor: Supervisor,
  tell: (line: string) => void,
): Promise<NatsEnvironment> {
  if (settings.nats !== null) return ownNats(settings.nats);
  const binary = await natsBinary(natsCacheFolder(), programSearchPath(), tell);
  const log = await openPartLog(settings.home, "nats");
  const folder = join(settings.home, "nats");
  let server: NatsServer | undefined;
  await supervisor.run({
    name: "nats",
    stage: SERVER_STAGE,
    stopSignal: "SIGTERM",
    async start(signal) {
      server = await startNats({ binary, folder, log, ports: server?.ports, signal });
      return server.child;
    },
  });
  if (server === undefined) throw new Error("nats-server is running but unknown");
  return {
    NATS_URL: server.url,
    NATS_WS_URL: server.wsUrl,
    NATS_SYSTEM_URL: server.systemUrl,
    NATS_CALLOUT_SEED: server.calloutIssuerSeed,
  };
}

/** Older servers ignore settings that keep intents safe and in order, so the version is checked first. */
async function ownNats(nats: NonNullable<Settings["nats"]>): Promise<NatsEnvironment> {
  try {
    const connection = await connectNats(nats.url, "teatree-start");
    await connection.close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`NATS_URL names a server that cannot be used: ${reason}`);
  }
  return {
    NATS_URL: nats.url,
    ...(nats.wsUrl === null ? {} : { NATS_WS_URL: nats.wsUrl }),
    ...(nats.systemUrl === null ? {} : { NATS_SYSTEM_URL: nats.systemUrl }),
    ...(nats.calloutSeed === null ? {} : { NATS_CALLOUT_SEED: nats.calloutSeed }),
  };
}
