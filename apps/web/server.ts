import { fileURLToPath } from "node:url";
import { createLogger } from "@teatree/shared/runtime/logger";
import { createShutdown, exitWithParent } from "@teatree/shared/runtime/shutdown";
import { startTracing } from "@teatree/shared/runtime/tracing";
import { startWebServer } from "./src/api/start.ts";
import { readEnv } from "./src/env.ts";

const config = readEnv();
const logger = createLogger("web", config.logLevel);
const shutdown = createShutdown(logger);
const { parentPid } = config;
if (parentPid !== undefined) exitWithParent(parentPid, () => void shutdown.run("the start is gone"));
try {
  const tracing = await startTracing("web", config.tracingEndpoint);
  shutdown.add("tracing", tracing.stop);
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const { url } = await startWebServer({ config, logger, shutdown, appFolder: folder });
  logger.info({ url }, "listening");
} catch (error) {
  logger.fatal({ error }, "the web server cannot start");
  process.exitCode = 1;
  await shutdown.run("failed to start");
}
