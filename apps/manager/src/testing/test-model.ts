import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { programSearchPath } from "@teatree/local-stack/env";
import { until } from "@teatree/local-stack/polling";
import { startTestServers, type TestServers } from "@teatree/local-stack/testing";
import { type FunctionCall, SqlArgs } from "@teatree/shared/contracts/functions";
import { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import {
  BatchDone,
  type BatchItem,
  CancelAnswer,
  type TokenClaims,
} from "@teatree/shared/contracts/manager-api";
import { createModel, type GoalModel, modelById } from "@teatree/shared/control-db/goal-models";
import { type IntentRow, intentsByIds, recordIntents } from "@teatree/shared/control-db/intents";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { listVersions, type VersionRow } from "@teatree/shared/control-db/versions";
import { callJson } from "@teatree/shared/runtime/http-json";
import { signToken } from "@teatree/shared/runtime/tokens";
import { newTraceparent } from "@teatree/shared/runtime/traceparent";
import { z } from "zod";
import { openStoredVersions, type StoredVersions } from "./stored-versions.ts";

export const SECRET = "a secret of the tests, long enough";
const MAIN = new URL("../main.ts", import.meta.url).pathname;

export type ManagerProcess = {
  child: ChildProcess;
  /** Everything it logged. */
  log(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** One model on real servers, with the test in the place of web and dispatcher. */
export interface TestModel extends AsyncDisposable {
  servers: TestServers;
  pool: Pool;
  modelId: ModelId;
  versionsDir: string;
  /** Records intents as web does and numbers them as the stream does, with gaps. */
  submit(calls: FunctionCall[], options?: { baseVersion?: number }): Promise<BatchItem[]>;
  /** Starts a manager and waits for nothing. */
  launch(env?: Record<string, string>, wrapper?: string[]): ManagerProcess;
  /** Starts a manager; resolves when it has announced itself, rejects with its log when it ended instead. */
  start(env?: Record<string, string>, wrapper?: string[]): Promise<ManagerProcess>;
  /** The manager started last, while it lives. */
  living(): ManagerProcess | undefined;
  /** Posts a batch to the manager that the control database names. */
  send(items: BatchItem[]): Promise<BatchDone>;
  cancel(id: IntentId): Promise<{ running: boolean }>;
  /** Any call to the manager, with a token for it. */
  call<T>(
    method: "GET" | "POST",
    path: string,
    action: TokenClaims["action"],
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<T>;
  /** As the dispatcher: starts managers and sends what is open until all is final. */
  drive(items: BatchItem[], env?: Record<string, string>): Promise<void>;
  row(): Promise<GoalModel>;
  intents(items: BatchItem[]): Promise<IntentRow[]>;
  versions(): Promise<VersionRow[]>;
  /** What was published, read from packs. */
  stored: StoredVersions;
  /** Rows of a query on a version's file, made from its blocks alone and opened with DuckDB as `model`. */
  read(version: VersionRow | undefined, sql: string): Promise<unknown[][]>;
}

export function sql(text: string): FunctionCall {
  return { function: "sql", args: SqlArgs.parse({ sql: text }) };
}

/** `env` goes to every manager; `DATABASE_URL` in it also to the test's own connections. */
export async function openTestModel(env: Record<string, string> = {}): Promise<TestModel> {
  const servers = await startTestServers();
  const databaseUrl = env.DATABASE_URL ?? servers.databaseUrl;
  await migrate(databaseUrl);
  const pool = openPool(databaseUrl, { applicationName: "test" });
  const modelId = ModelId.parse(randomUUID());
  await createModel(pool, { id: modelId, name: "flights", createdBy: "test" });
  const versionsDir = join(servers.home, "versions");
  const stored = await openStoredVersions(servers.home);
  const started: ManagerProcess[] = [];
  let sequence = 10;

  async function row(): Promise<GoalModel> {
    const model = await modelById(pool, modelId);
    if (!model) throw new Error("the model is gone");
    return model;
  }

  function launch(more: Record<string, string> = {}, wrapper: string[] = []): ManagerProcess {
    const manager = spawnManager({ ...environmentOf(servers, modelId), ...env, ...more }, wrapper);
    started.push(manager);
    return manager;
  }

  async function start(more: Record<string, string> = {}, wrapper: string[] = []): Promise<ManagerProcess> {
    const { leaseEpoch } = await row();
    const manager = launch(more, wrapper);
    const ready = await until(
      "the manager is ready",
      async () => {
        if (hasEnded(manager)) return "ended";
        const now = await row();
        return now.leaseEpoch > leaseEpoch && now.managerUrl !== null ? "ready" : undefined;
      },
      { timeoutMs: 30_000 },
    );
    if (ready === "ended") throw new Error(`the manager ended at its start: ${manager.log()}`);
    return manager;
  }

  const call: TestModel["call"] = async (method, path, action, schema, body) => {
    const { managerUrl } = await row();
    const token = await signToken(SECRET, { sub: modelId, action });
    return callJson(`${managerUrl}${path}`, { method, token, schema, body });
  };

  const model: TestModel = {
    servers,
    pool,
    modelId,
    versionsDir,
    stored,
    row,
    launch,
    start,
    living: () => started.findLast((manager) => !hasEnded(manager)),
    async submit(calls, options = {}) {
      const items = calls.map((each) => {
        sequence += 3;
        return itemOf(modelId, sequence, each, options.baseVersion ?? null);
      });
      await recordIntents(pool, {
        modelId,
        submittedBy: "ada",
        intents: items.map((item) => intentOf(item)),
      });
      return items;
    },
    call,
    send: (items) => call("POST", "/batches", "batch", BatchDone, { items }),
    cancel: (id) => call("POST", `/intents/${id}/cancel`, "cancel", CancelAnswer),
    async drive(items, more) {
      const last = items.at(-1)?.sequence ?? 0;
      for (;;) {
        const { position, leaseLive, managerUrl } = await row();
        const open = items.filter((item) => item.sequence > position);
        if (position >= last || open.length === 0) return;
        if (!model.living() || !leaseLive || managerUrl === null) await start(more).catch(() => undefined);
        // Whatever went wrong: the control database says what is open.
        await model.send(open).catch(() => undefined);
      }
    },
    intents: async (items) => {
      const rows = await intentsByIds(
        pool,
        items.map((item) => item.intent.intentId),
      );
      const byId = new Map(rows.map((each) => [each.id, each]));
      return items.flatMap((item) => byId.get(item.intent.intentId) ?? []);
    },
    versions: async () => (await listVersions(pool, modelId, { limit: 1_000_000 })).toReversed(),
    async read(version, text) {
      const path = join(servers.home, `read-${randomUUID()}.duckdb`);
      await stored.write(version, path);
      return readFileWithDuckDb(path, text).finally(() => rm(path, { force: true }));
    },
    async [Symbol.asyncDispose]() {
      for (const { child, exited } of started) {
        child.kill("SIGKILL");
        await exited;
      }
      if (pool.ended) return;
      await pool.end();
      // Helpers of a killed manager end a moment later and may still be writing.
      await rm(join(servers.home, "cache"), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
      await servers[Symbol.asyncDispose]();
    },
  };
  return model;
}

function environmentOf(servers: TestServers, modelId: ModelId): Record<string, string> {
  return {
    TEATREE_MODEL_ID: modelId,
    DATABASE_URL: servers.databaseUrl,
    NATS_URL: servers.nats.url,
    TEATREE_HOME: servers.home,
    TEATREE_SECRET: SECRET,
    LOG_LEVEL: "info",
    TEATREE_SELF_CHECK_EVERY: "1",
  };
}

function spawnManager(env: Record<string, string>, wrapper: string[]): ManagerProcess {
  const [command = process.execPath, ...args] = [...wrapper, process.execPath, MAIN];
  const child = spawn(command, args, {
    env: { PATH: programSearchPath(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  }
  const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  return { child, log: () => lines.join(""), exited };
}

function hasEnded({ child }: ManagerProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function itemOf(
  modelId: ModelId,
  sequence: number,
  call: FunctionCall,
  baseVersion: number | null,
): BatchItem {
  const intentId = IntentId.parse(randomUUID());
  const submittedAt = new Date().toISOString();
  const intent = { intentId, modelId, call, baseVersion, submittedBy: "ada", submittedAt };
  return { sequence, traceparent: newTraceparent(), intent };
}

function intentOf({ intent, traceparent }: BatchItem) {
  const { call, intentId, baseVersion } = intent;
  const args = z.record(z.string(), z.unknown()).parse(call.args);
  const contentHash = createHash("sha256").update(JSON.stringify(call)).digest("hex");
  return {
    id: intentId,
    function: call.function,
    args,
    contentHash,
    baseVersion,
    notebookId: null,
    retryOf: null,
    traceparent: traceparent ?? "",
  };
}

async function readFileWithDuckDb(path: string, text: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${path}' AS model (READ_ONLY)`);
    await connection.run("USE model");
    return (await connection.runAndReadAll(text)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
