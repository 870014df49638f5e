import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { announceTestPostgres, natsCacheFolder, programSearchPath } from "./env.ts";
import { natsBinary } from "./nats-binary.ts";
import { startPostgres } from "./postgres-server.ts";
import { endTestLeftovers, testServerEnvironment } from "./test-leftovers.ts";

/** Once per test run: one PostgreSQL for all files, and a nats-server program ready to be started by each. */
export async function setup(): Promise<() => Promise<void>> {
  await endTestLeftovers();
  await natsBinary(natsCacheFolder(), programSearchPath());
  const folder = await mkdtemp(join(tmpdir(), "teatree-test-postgres-"));
  const server = await startPostgres({ folder, durable: false, env: testServerEnvironment() });
  announceTestPostgres(server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
