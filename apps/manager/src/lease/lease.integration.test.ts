import { spawn } from "node:child_process";
import { once } from "node:events";
import { createTestDatabase, type TestDatabase } from "@teatree/local-stack/testing";
import { ModelId } from "@teatree/shared/contracts/ids";
import { createModel, modelById } from "@teatree/shared/control-db/goal-models";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { acquireLease, holderText } from "./acquire.ts";
import { keepLease } from "./keep.ts";
import { identityOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

const logger = createLogger("test", "silent");
let database: TestDatabase;
let pool: Pool;
let modelId: ModelId;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.databaseUrl);
  pool = openPool(database.databaseUrl, { applicationName: "test" });
});
beforeEach(async () => {
  modelId = ModelId.parse(crypto.randomUUID());
  await createModel(pool, { id: modelId, name: `m${modelId}`, createdBy: "test" });
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const self = ownIdentity();
const acquire = (who: ProcessIdentity, ttlMs = 60_000) => acquireLease(pool, { modelId, self: who, ttlMs });

async function deadProcess(): Promise<ProcessIdentity> {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  const identity = identityOf(child.pid ?? 0);
  child.kill("SIGKILL");
  await once(child, "exit");
  if (identity === null) throw new Error("the test needs /proc");
  return identity;
}

test("the lease of a living holder is not taken", async () => {
  expect(await acquire(self)).toMatchObject({ epoch: 1 });
  expect(await acquire(self)).toBeNull();
});

test("the lease of a holder that is proven dead is taken at once, with a higher epoch", async () => {
  expect(await acquire(await deadProcess())).toMatchObject({ epoch: 1 });
  expect(await acquire(self)).toMatchObject({ epoch: 2 });
  expect((await modelById(pool, modelId))?.leaseHolder).toBe(holderText(self));
});

test("of many that find a dead holder one takes the lease", async () => {
  await acquire(await deadProcess());
  const taken = await Promise.all(Array.from({ length: 8 }, () => acquire(self)));
  expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
});

test("a holder on another machine is waited for", async () => {
  await acquire({ ...(await deadProcess()), machine: "elsewhere" });
  expect(await acquire(self)).toBeNull();
});

test("a kept lease outlives its time, and is lost when another epoch takes over", async () => {
  const taken = await acquire(self, 600);
  if (!taken) throw new Error("unreachable");
  const lost = Promise.withResolvers<string>();
  keepLease(pool, { ...taken, modelId, ttlMs: 600 }, { logger, onLost: lost.resolve });
  const start = performance.now();
  while (performance.now() - start < 1_500) {
    expect((await modelById(pool, modelId))?.leaseLive).toBe(true);
  }
  await pool.query("UPDATE goal_model SET lease_epoch = lease_epoch + 1 WHERE id = $1", [modelId]);
  expect(await lost.promise).toContain("another manager took over");
});

test("a lease that cannot be renewed is given up before it runs out", async () => {
  const taken = await acquire(self, 900);
  if (!taken) throw new Error("unreachable");
  const away = openPool("postgres://127.0.0.1:1/none", { applicationName: "test" });
  const lost = Promise.withResolvers<string>();
  keepLease(away, { ...taken, modelId, ttlMs: 900 }, { logger, onLost: lost.resolve });
  expect(await lost.promise).toContain("could not be renewed in time");
  expect(performance.now() - taken.deadlineBase).toBeLessThan(900);
  await away.end();
});
