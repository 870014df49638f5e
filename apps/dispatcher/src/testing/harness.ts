import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "@teatree/local-stack/polling";
import { startTestServers, type TestServers } from "@teatree/local-stack/testing";
import { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import { createModel, type GoalModel, modelById } from "@teatree/shared/control-db/goal-models";
import { type IntentRow, intentById, recordIntents } from "@teatree/shared/control-db/intents";
import { migrate } from "@teatree/shared/control-db/migrate";
import { markPublished } from "@teatree/shared/control-db/outbox";
import { inTransaction, openPool, type Pool } from "@teatree/shared/control-db/pool";
import { publishIntent } from "@teatree/shared/runtime/intent-publish";
import { ensureIntentStream } from "@teatree/shared/runtime/intent-stream";
import { createLogger } from "@teatree/shared/runtime/logger";
import { connectNats, type NatsConnection } from "@teatree/shared/runtime/nats";
import { newTraceparent } from "@teatree/shared/runtime/tracing";
import { onTestFinished } from "vitest";
import { startDispatcher } from "../dispatcher.ts";
import { messageOf } from "../intake/queued-message.ts";
import { createProcessLauncher } from "../launchers/process.ts";

const FAKE_MANAGER = fileURLToPath(import.meta.resolve("./fake-manager.ts"));
const secret = "a secret of the tests only";

export interface Effect {
  intentId: IntentId;
  sequence: number;
  epoch: number;
}

export interface Harness {
  servers: TestServers;
  pool: Pool;
  nats: NatsConnection;
  /** What a dispatcher process needs; its managers are fakes. */
  environment: Record<string, string>;
  newModel(): Promise<ModelId>;
  /** Records intents as web does, in one transaction, without publishing them. */
  record(modelId: ModelId, count: number, text?: string): Promise<IntentId[]>;
  /** Publishes recorded intents as web does right after its commit. */
  publish(ids: IntentId[]): Promise<void>;
  submit(modelId: ModelId, count: number, text?: string): Promise<IntentId[]>;
  /** A dispatcher in this process. */
  dispatch(options?: DispatchOptions): Promise<RunningDispatcher>;
  /** Resolves when each is applied. */
  applied(ids: IntentId[], timeoutMs?: number): Promise<void>;
  effects(modelId: ModelId): Promise<Effect[]>;
  model(modelId: ModelId): Promise<GoalModel>;
  intent(id: IntentId): Promise<IntentRow>;
}

export interface DispatchOptions {
  env?: Record<string, string>;
  idleMs?: number;
  sweepMs?: number;
}

export interface RunningDispatcher {
  stop(): Promise<void>;
}

/** Real PostgreSQL and NATS, fake managers, for the running test. Everything is gone when it has finished. */
export async function startHarness(): Promise<Harness> {
  const servers = await startTestServers();
  await migrate(servers.databaseUrl);
  const pool = openPool(servers.databaseUrl, { applicationName: "test" });
  await pool.query(
    `CREATE TABLE fake_effect (ordinal bigint GENERATED ALWAYS AS IDENTITY, intent_id uuid PRIMARY KEY, model_id uuid,
       sequence bigint, epoch bigint)`,
  );
  const nats = await connectNats(servers.nats.url, "test");
  await ensureIntentStream(nats);
  const environment = {
    DATABASE_URL: servers.databaseUrl,
    NATS_URL: servers.nats.url,
    TEATREE_SECRET: secret,
    TEATREE_HOME: servers.home,
    TEATREE_MANAGER_ENTRY: FAKE_MANAGER,
    TEATREE_SWEEP_MS: "200",
    TEATREE_LEASE_MS: "2000",
    LOG_LEVEL: "silent",
  };
  const running = new Set<RunningDispatcher>();
  const harness: Harness = {
    servers,
    pool,
    nats,
    environment,
    async newModel() {
      const id = ModelId.parse(randomUUID());
      await createModel(pool, { id, name: `m${id.replaceAll("-", "")}`, createdBy: "test" });
      return id;
    },
    record: (modelId, count, text = "") => record(pool, modelId, count, text),
    async publish(ids) {
      for (const id of ids) {
        const row = await harness.intent(id);
        const message = messageOf(row);
        if (message === undefined) throw new Error("recorded intent cannot be read");
        const { sequence } = await publishIntent(nats, message, { traceparent: row.traceparent });
        await markPublished(pool, [{ intentId: id, sequence }]);
      }
    },
    async submit(modelId, count, text) {
      const ids = await harness.record(modelId, count, text);
      await harness.publish(ids);
      return ids;
    },
    async dispatch(options = {}) {
      const dispatcher = await startInProcess(harness, options);
      running.add(dispatcher);
      return dispatcher;
    },
    async applied(ids, timeoutMs = 20_000) {
      const { rows } = await until(
        "the outcome of every intent",
        async () => {
          const answer = await pool.query<{ status: string }>(
            "SELECT status FROM intent WHERE id = ANY($1::uuid[])",
            [ids],
          );
          return answer.rows.every(({ status }) => status === "applied") ? answer : undefined;
        },
        { timeoutMs },
      );
      if (rows.length !== ids.length) throw new Error("an intent is missing");
    },
    async effects(modelId) {
      const { rows } = await pool.query<Effect>(
        `SELECT intent_id AS "intentId", sequence, epoch FROM fake_effect WHERE model_id = $1 ORDER BY ordinal`,
        [modelId],
      );
      return rows;
    },
    async model(modelId) {
      const model = await modelById(pool, modelId);
      if (model === null) throw new Error("the model is missing");
      return model;
    },
    async intent(id) {
      const row = await intentById(pool, id);
      if (row === null) throw new Error("the intent is missing");
      return row;
    },
  };
  onTestFinished(async () => {
    for (const dispatcher of running) await dispatcher.stop();
    await nats.close();
    await pool.end();
    await servers[Symbol.asyncDispose]();
  });
  return harness;
}

async function record(pool: Pool, modelId: ModelId, count: number, text: string): Promise<IntentId[]> {
  const intents = Array.from({ length: count }, () => ({
    id: IntentId.parse(randomUUID()),
    function: "append",
    args: { table: "t", rows: [{ text }] },
    contentHash: "content",
    baseVersion: null,
    notebookId: null,
    retryOf: null,
    traceparent: newTraceparent(),
  }));
  await inTransaction(pool, (db) => recordIntents(db, { modelId, submittedBy: "test", intents }));
  return intents.map(({ id }) => id);
}

async function startInProcess(harness: Harness, options: DispatchOptions): Promise<RunningDispatcher> {
  const { environment, servers } = harness;
  const controller = new AbortController();
  const logger = createLogger("dispatcher", "silent");
  const pool = openPool(servers.databaseUrl, { applicationName: "test-dispatcher" });
  const nats = await connectNats(servers.nats.url, "test-dispatcher");
  const launcher = createProcessLauncher({
    entry: FAKE_MANAGER,
    environment: { ...environment, ...options.env },
    logFolder: join(servers.home, "logs"),
  });
  const dispatcher = await startDispatcher({
    pool,
    nats,
    launcher,
    secret,
    idleMs: options.idleMs ?? 600_000,
    sweepMs: options.sweepMs ?? 200,
    logger,
    signal: controller.signal,
  });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    controller.abort();
    await dispatcher.settled();
    await launcher.close(3_000);
    await nats.close();
    await pool.end();
  };
  const once = () => {
    stopped ??= stop();
    return stopped;
  };
  return { stop: once };
}
