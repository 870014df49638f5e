import { join } from "node:path";
import { startChild } from "./child.ts";
import { childEnvironment, repositoryRoot } from "./env.ts";
import { openPartLog } from "./part-log.ts";
import type { Supervisor } from "./supervisor.ts";

/** Teatree's own parts, as they lie in the repository. The dispatcher starts the managers. */
const APPS = [
  { name: "web", folder: "apps/web", entry: "server.ts" },
  { name: "dispatcher", folder: "apps/dispatcher", entry: "src/main.ts" },
];

const APP_STAGE = 1;

/** Starts web and dispatcher from source; `environment` is all they are told. */
export async function runApps(
  home: string,
  environment: Record<string, string>,
  supervisor: Supervisor,
): Promise<void> {
  for (const { name, folder, entry } of APPS) {
    const log = await openPartLog(home, name);
    await supervisor.run({
      name,
      stage: APP_STAGE,
      stopSignal: "SIGTERM",
      start: () =>
        startChild(process.execPath, [entry], {
          cwd: join(repositoryRoot(), folder),
          env: childEnvironment(environment),
          log,
        }),
    });
  }
}
