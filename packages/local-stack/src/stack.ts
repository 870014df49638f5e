import { join } from "node:path";
import { migrate } from "@teatree/shared/control-db/migrate";
import type { Progress } from "../../../tools/progress.mjs";
import { runApps } from "./apps.ts";
import { writeConnections } from "./connections.ts";
import { freePort, portObstacle } from "./free-port.ts";
import { type HomeLock, lockHome, STACK_MARK } from "./home-lock.ts";
import { endAll, markedProcesses } from "./process-identity.ts";
import { untilHealthy } from "./ready.ts";
import { loadSample } from "./sample.ts";
import { provideDatabase, provideNats } from "./servers.ts";
import { type Settings, StartError, webUrl } from "./settings.ts";
import { type StackSecrets, stackSecrets } from "./stack-secrets.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";

const STOP_LIMIT_MS = 8_000;
const READY_LIMIT_MS = 60_000;

export interface Stack {
  /** The link that signs its reader in. */
  link: string;
  /** Stops everything within 10 s. */
  stop(): Promise<void>;
}

/**
 * Brings up everything on one machine and resolves when web says that all parts are ready and the sample is in.
 * What was started is stopped again when it fails, or when `cancelled` aborts.
 */
export async function startStack(
  settings: Settings,
  progress: Progress,
  cancelled: AbortSignal,
): Promise<Stack> {
  const port = await choosePort(settings);
  const url = webUrl(settings.host, port);
  const { lock, secrets } = await openHome(settings, url, progress);
  const supervisor = createSupervisor({
    onDeath: (name, what, delayMs) =>
      progress.warn(`${name} ${what.split("\n")[0]}; starting it again in ${delayMs / 1000} s`),
    onRestart: (name) => progress.note(`${name} is running again`),
    onChange: (parts) => void lock.record(parts).catch(() => {}),
  });
  const stop = () => stopAll(supervisor, secrets, lock);
  const aborted = new Promise<never>((_, reject) => {
    cancelled.addEventListener("abort", () => reject(cancelled.reason), { once: true });
  });
  aborted.catch(() => {});
  try {
    const rising = rise(settings, port, url, secrets, supervisor, progress);
    rising.catch(() => {});
    await Promise.race([rising, supervisor.firstDeath, aborted]);
    supervisor.settle();
    return { link: `${url}/?token=${secrets.token}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openHome(
  settings: Settings,
  url: string,
  progress: Progress,
): Promise<{ lock: HomeLock; secrets: StackSecrets }> {
  const secrets = await stackSecrets(settings.home, settings.token);
  const lock = await lockHome(settings.home, secrets.stackId, url, () =>
    progress.warn("An earlier start was killed; what it left running is stopped first"),
  );
  // Only after the lock: a second start on this home must hear of the first one, not of its port.
  const obstacle = await portObstacle(Number(new URL(url).port), settings.host);
  if (obstacle !== null) {
    await lock.release();
    throw new StartError(explainPort(settings, obstacle));
  }
  return { lock, secrets };
}

async function choosePort(settings: Settings): Promise<number> {
  return settings.port === 0 ? freePort() : settings.port;
}

function explainPort({ port, host }: Settings, obstacle: string): string {
  if (obstacle === "EADDRINUSE") {
    return `Port ${port} on ${host} is taken by another program.\nChoose another: PORT=${port + 1} npm start`;
  }
  if (obstacle === "EACCES") {
    return `Port ${port} needs rights that this user lacks.\nChoose one above 1023: PORT=3000 npm start`;
  }
  return `HOST=${host} cannot be listened on (${obstacle}).\nUse an address of this machine: HOST=127.0.0.1 npm start`;
}

async function rise(
  settings: Settings,
  port: number,
  url: string,
  secrets: StackSecrets,
  supervisor: Supervisor,
  progress: Progress,
): Promise<void> {
  const servers = await Promise.all([
    progress.step("PostgreSQL", () => provideDatabase(settings, supervisor)),
    progress.step("NATS", (detail) => provideNats(settings, supervisor, detail)),
  ]);
  const [databaseUrl, nats] = servers;
  await writeConnections(settings.home, { ...nats, DATABASE_URL: databaseUrl });
  await migrate(databaseUrl).catch((error: unknown) => {
    throw new StartError(`The control database cannot be prepared: ${messageOf(error)}`);
  });
  await progress.step("Web and dispatcher", async () => {
    await runApps(
      settings.home,
      {
        ...nats,
        DATABASE_URL: databaseUrl,
        TEATREE_HOME: settings.home,
        TEATREE_TOKEN: secrets.token,
        TEATREE_SECRET: secrets.secret,
        TEATREE_PARENT_PID: String(process.pid),
        [STACK_MARK]: secrets.stackId,
        PORT: String(port),
        HOST: settings.host,
        NODE_ENV: "production",
        ...(settings.s3Bucket === null
          ? { OBJECT_STORE: `directory:${join(settings.home, "objects")}` }
          : {}),
      },
      supervisor,
    );
    await untilHealthy(url, READY_LIMIT_MS);
  });
  if (settings.sample === "flights") await loadSample(url, secrets.token, settings.home, progress);
}

/** Managers are children of the dispatcher; one that it could not stop would keep the model's files open. */
async function stopAll(supervisor: Supervisor, secrets: StackSecrets, lock: HomeLock): Promise<void> {
  await supervisor.stop(STOP_LIMIT_MS);
  await endAll(await markedProcesses(STACK_MARK, secrets.stackId), "SIGTERM", 1_000);
  await lock.release();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
