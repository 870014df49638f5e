import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type ApiClient, createApiClient } from "@teatree/shared/client/api";
import { IntentId, type ModelId } from "@teatree/shared/contracts/ids";
import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "./polling.ts";
import { markedProcesses } from "./process-identity.ts";
import { startTestSystem, type TestSystem } from "./test-system.ts";

/** What must hold of the whole system, whichever of its processes dies: the invariants of docs/architecture.md. */

let system: TestSystem;
let api: ApiClient;

beforeAll(async () => {
  system = await startTestSystem();
  api = createApiClient({ baseUrl: system.url, token: system.token });
}, 120_000);

afterAll(() => system.stop());

const newIntentId = () => IntentId.parse(randomUUID());

async function finalJob(id: IntentId, timeoutMs = 60_000): Promise<Job> {
  return until(
    `the end of job ${id}`,
    async () => {
      const job = await api.getJob({ params: { job: id } });
      return isFinal(job.status) ? job : undefined;
    },
    { timeoutMs },
  );
}

/** Ends the model's manager as a power cut would. False when none is running at this moment. */
async function killManager(modelId: ModelId): Promise<boolean> {
  for (const { pid } of await markedProcesses("TEATREE_MODEL_ID", modelId)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("apps/manager/src/main.ts")) continue;
    process.kill(pid, "SIGKILL");
    return true;
  }
  return false;
}

describe("intents", () => {
  const APPENDS = 300;
  const KILLS = 6;

  test("each sent twice while managers are killed have each exactly one effect, in versions without a gap", async () => {
    const { id: modelId } = await api.createModel({ body: { name: "killed" } });
    const intents = Array.from({ length: APPENDS }, (_, number) => ({
      id: newIntentId(),
      function: "append" as const,
      args: { table: "events", rows: [{ number, note: `row ${number} – ü` }] },
    }));
    let sent = 0;
    let kills = 0;
    const sending = (async () => {
      for (const intent of intents) {
        await Promise.all([api.submitIntent("killed", intent), api.submitIntent("killed", intent)]);
        sent += 1;
      }
    })();
    const killing = (async () => {
      while (kills < KILLS) {
        const due = ((kills + 1) * APPENDS) / (KILLS + 1);
        await until("the next kill", () => (sent >= due ? true : undefined), { timeoutMs: 60_000 });
        if (await killManager(modelId)) kills += 1;
        else
          await until("a manager to kill", async () => (await hasManager(modelId)) || undefined, {
            timeoutMs: 30_000,
          });
      }
    })();
    await Promise.all([sending, killing]);
    expect(kills).toBe(KILLS);

    const jobs = await Promise.all(intents.map(({ id }) => finalJob(id, 120_000)));
    expect(jobs.filter((job) => job.status !== "applied")).toEqual([]);
    const { rows } = await api.queryJson("killed", {
      sql: "SELECT count(*), count(DISTINCT number), min(number), max(number) FROM events",
    });
    expect(rows).toEqual([[APPENDS, APPENDS, 0, APPENDS - 1]]);
    await expectVersionsWithoutGap(
      "killed",
      intents.map(({ id }) => id),
    );
  }, 240_000);
});

async function hasManager(modelId: ModelId): Promise<boolean> {
  return (await markedProcesses("TEATREE_MODEL_ID", modelId)).length > 0;
}

async function expectVersionsWithoutGap(model: string, ids: IntentId[]) {
  const versions: { version: number; intents: IntentId[] }[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ApiClient["listVersions"]>> = await api.listVersions({
      params: { model },
      query: { limit: 100, ...(cursor ? { cursor } : {}) },
    });
    versions.unshift(...page.items.toReversed());
    cursor = page.nextCursor;
  } while (cursor);
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
  expect(versions.flatMap(({ intents }) => intents).toSorted()).toEqual(ids.toSorted());
}

describe("readers", () => {
  const READERS = 16;
  const VERSIONS = 100;

  test("read on while versions publish, and none sees a half-made state", async () => {
    await api.createModel({ body: { name: "read" } });
    const create = await api.submitIntent("read", {
      function: "sql",
      args: { sql: "CREATE TABLE pairs AS SELECT i AS id, -i AS negated FROM range(1000) t(i)" },
    });
    await finalJob(create.jobId);

    let publishing = true;
    const seen = new Set<number>();
    const readers = Array.from({ length: READERS }, async () => {
      let latest = 0;
      while (publishing) {
        const answer = await api.queryJson("read", {
          sql: "SELECT count(*), sum(id + negated), max(id) + 1 FROM pairs",
        });
        const [count, sum, next] = answer.rows[0] ?? [];
        // Each intent writes a row and then its pair: the sum is 0 and the count fits only between intents.
        expect(sum).toBe(0);
        expect(next).toBe(count);
        expect(count).toBe(1000 + answer.version - 1);
        expect(answer.version).toBeGreaterThanOrEqual(latest);
        latest = answer.version;
        seen.add(latest);
      }
    });
    const writer = (async () => {
      for (let version = 2; version <= VERSIONS; version += 1) {
        const { jobId } = await api.submitIntent("read", {
          function: "sql",
          args: {
            sql: `INSERT INTO pairs SELECT max(id) + 1, 0 FROM pairs;
                UPDATE pairs SET negated = -id WHERE id = (SELECT max(id) FROM pairs)`,
          },
        });
        expect((await finalJob(jobId)).version).toBe(version);
      }
    })().finally(() => {
      publishing = false;
    });
    await Promise.all([writer, ...readers]);
    expect(seen.size).toBeGreaterThan(VERSIONS / 2);
  }, 240_000);
});
