import { join } from "node:path";
import { openPool } from "@teatree/shared/control-db/pool";
import { createLogger } from "@teatree/shared/runtime/logger";
import { connectNats } from "@teatree/shared/runtime/nats";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import { createShutdown, exitWithParent } from "@teatree/shared/runtime/shutdown";
import { startTracing } from "@teatree/shared/runtime/tracing";
import { startDispatcher } from "./dispatcher.ts";
import { readEnv } from "./env.ts";
import { createProcessLauncher } from "./launchers/process.ts";
import { stopAllManagers } from "./managers/stop-all.ts";

const MANAGER_GRACE_MS = 7_000;

const env = readEnv();
const logger = createLogger("dispatcher", env.logLevel);
const shutdown = createShutdown(logger, { limitMs: 9_500 });
if (env.parentPid !== undefined) exitWithParent(env.parentPid, () => void shutdown.run("parent gone"));

async function main(): Promise<void> {
  const tracing = await startTracing("dispatcher", env.otlpEndpoint);
  shutdown.add("tracing", tracing.stop);

  const pool = openPool(env.databaseUrl, { applicationName: "dispatcher", max: 20 });
  shutdown.add("control database", () => pool.end());

  const nats = await retry(RETRIES.start, () => connectNats(env.natsUrl, "dispatcher"), {
    signal: shutdown.signal,
  });
  shutdown.add("nats", () => nats.close());

  const launcher = createProcessLauncher({
    entry: env.managerEntry,
    environment: env.childEnvironment,
    logFolder: join(env.home, "logs"),
  });
  if (env.parentPid !== undefined) {
    const stopOptions = { pool, secret: env.secret, logger, limitMs: MANAGER_GRACE_MS };
    shutdown.add("managers", () =>
      Promise.all([launcher.close(MANAGER_GRACE_MS), stopAllManagers(stopOptions)]),
    );
  } else {
    shutdown.add("managers", () => launcher.close(MANAGER_GRACE_MS));
  }

  const dispatcher = await startDispatcher({ ...env, pool, nats, launcher, logger, signal: shutdown.signal });
  shutdown.add("intake", dispatcher.settled);
  logger.info("ready");
}

main().catch((error: unknown) => {
  logger.fatal({ error }, "cannot start");
  void shutdown.run("failed start", 1);
});
