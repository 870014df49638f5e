import { existsSync, unlinkSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { ModelId } from "@teatree/shared/contracts/ids";
import { Batch, type BatchItem, type TokenClaims } from "@teatree/shared/contracts/manager-api";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { modelById } from "@teatree/shared/control-db/goal-models";
import { announceManager, releaseLease, renewLease, takeLease } from "@teatree/shared/control-db/leases";
import { openPool } from "@teatree/shared/control-db/pool";
import { bearerToken, verifyToken } from "@teatree/shared/runtime/tokens";
import { z } from "zod";

/**
 * A manager without a model: the real lease, wire and compare-and-set, but an effect is a row of `fake_effect`, which
 * stands for effect and ledger. A process of its own, so that tests can kill and freeze it.
 */
const env = z
  .object({
    DATABASE_URL: z.string(),
    TEATREE_SECRET: z.string(),
    TEATREE_MODEL_ID: ModelId,
    TEATREE_LEASE_MS: z.coerce.number().default(10_000),
    /** How long each effect takes. */
    FAKE_DELAY_MS: z.coerce.number().default(0),
    /** While this file exists, starting fails. */
    FAKE_BROKEN_FILE: z.string().default("/nonexistent"),
    /** When this file exists in the middle of a batch, it is removed and the process dies. */
    FAKE_CRASH_FILE: z.string().default("/nonexistent"),
  })
  .parse(process.env);

const modelId = env.TEATREE_MODEL_ID;
const ttlMs = env.TEATREE_LEASE_MS;
const pool = openPool(env.DATABASE_URL, { applicationName: "fake-manager" });
let idleSince = performance.now();
let batches: Promise<unknown> = Promise.resolve();

if (existsSync(env.FAKE_BROKEN_FILE)) process.exit(3);
const lease = await takeLease(pool, { modelId, holder: `fake:${process.pid}`, ttlMs });
if (lease === null) process.exit(75);
const { epoch } = lease;

async function applyAll(items: BatchItem[]): Promise<void> {
  const model = await modelById(pool, modelId);
  const fresh = items.filter(({ sequence }) => sequence > (model?.position ?? 0));
  for (const { sequence, intent } of fresh) {
    if (env.FAKE_DELAY_MS > 0) await delay(env.FAKE_DELAY_MS);
    await pool.query(
      "INSERT INTO fake_effect (intent_id, model_id, sequence, epoch) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      [intent.intentId, modelId, sequence, epoch],
    );
    if (existsSync(env.FAKE_CRASH_FILE)) {
      unlinkSync(env.FAKE_CRASH_FILE);
      process.kill(process.pid, "SIGKILL");
    }
  }
  const last = fresh.at(-1);
  if (last === undefined) return;
  const finishedAt = new Date();
  const committed = await commitBatch(pool, {
    modelId,
    epoch,
    baseVersion: 0,
    position: last.sequence,
    version: null,
    notifications: [],
    outcomes: fresh.map(({ intent }) => ({
      intentId: intent.intentId,
      status: "applied",
      version: null,
      finishedAt,
      changes: [],
      result: null,
      error: null,
    })),
  });
  if (committed === "lost") process.exit(1);
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const authorize = (action: TokenClaims["action"]) =>
    verifyToken(env.TEATREE_SECRET, bearerToken(request.headers.authorization), { sub: modelId, action });
  if (request.url === "/health") {
    await authorize("health");
    return { modelId, epoch, version: 0, idleMs: performance.now() - idleSince };
  }
  if (request.url === "/stop") {
    await authorize("stop");
    setImmediate(() => void stop());
    return {};
  }
  await authorize("batch");
  const batch = Batch.parse(await json(request));
  const mine = batches.then(() => applyAll(batch.items));
  batches = mine.catch(() => {});
  await mine;
  idleSince = performance.now();
  return { position: (await modelById(pool, modelId))?.position ?? 0, version: 0 };
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await answer(request);
    response.end(JSON.stringify(body));
  } catch (error) {
    const known = error instanceof TeatreeError ? error : new TeatreeError("internal", String(error));
    response.writeHead(known.status).end(JSON.stringify(known.toBody()));
  }
}

async function stop(): Promise<void> {
  await batches;
  await releaseLease(pool, { modelId, epoch });
  process.exit(0);
}

process.on("SIGTERM", () => void stop());
setInterval(async () => {
  if (!(await renewLease(pool, { modelId, epoch, ttlMs }))) process.exit(1);
}, ttlMs / 3);

const server = createServer((request, response) => void handle(request, response));
server.listen(0, "127.0.0.1", async () => {
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await announceManager(pool, { modelId, epoch, managerUrl: url, readerUrl: url });
});
