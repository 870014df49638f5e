import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { until } from "@teatree/local-stack/polling";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { jobEventsAfter, stepsOf } from "@teatree/shared/control-db/job-events";
import {
  DISPATCHER_PING_SUBJECT,
  ENSURE_MANAGER_SUBJECT,
  EnsuredManager,
  intentSubject,
  jobChangedSubject,
} from "@teatree/shared/subjects";
import { expect, test } from "vitest";
import { type Effect, type Harness, startHarness } from "./testing/harness.ts";

const idsOf = (effects: Effect[]) => effects.map(({ intentId }) => intentId);

/** Ends the manager's process as a crash would, and says its epoch. */
async function signalManager(
  harness: Harness,
  modelId: Awaited<ReturnType<Harness["newModel"]>>,
  signal: NodeJS.Signals,
) {
  const { leaseHolder, leaseEpoch } = await harness.model(modelId);
  process.kill(Number(leaseHolder?.split(":").at(-1)), signal);
  return leaseEpoch;
}

test("intents of several models are applied in the order of each, and the position follows", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const [first, second] = [await harness.newModel(), await harness.newModel()];
  const submitted: IntentId[] = [];
  const other: IntentId[] = [];
  for (let round = 0; round < 10; round += 1) {
    submitted.push(...(await harness.submit(first, 3)));
    other.push(...(await harness.submit(second, 2)));
  }
  await harness.applied([...submitted, ...other]);
  const effects = [await harness.effects(first), await harness.effects(second)];
  expect(effects.map(idsOf)).toEqual([submitted, other]);
  expect((await harness.model(second)).position).toBe(effects[1]?.at(-1)?.sequence);
});

test("more intents than a batch holds are all applied, in order", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const submitted = await harness.submit(modelId, 450);
  await harness.dispatch();
  await harness.applied(submitted);
  expect(idsOf(await harness.effects(modelId))).toEqual(submitted);
});

test("large intents are handed over a few megabytes at a time, in order", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const submitted = await harness.submit(modelId, 60, "x".repeat(100_000));
  await harness.dispatch();
  await harness.applied(submitted);
  expect(idsOf(await harness.effects(modelId))).toEqual(submitted);
  const { rows } = await harness.pool.query<{ batches: number }>(
    "SELECT count(DISTINCT finished_at) AS batches FROM intent WHERE model_id = $1",
    [modelId],
  );
  expect(rows[0]?.batches).toBe(2);
});

test("the doorbell starts work long before the next sweep", async () => {
  const harness = await startHarness();
  await harness.dispatch({ sweepMs: 600_000 });
  const modelId = await harness.newModel();
  // The first one may come before the doorbell hangs; what is stored by then is swept when it does.
  await harness.applied(await harness.submit(modelId, 1));
  for (let turn = 0; turn < 5; turn += 1) await harness.applied(await harness.submit(modelId, 1), 2_000);
});

test("what web recorded but did not publish is relayed, in the order it was recorded", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const modelId = await harness.newModel();
  const recorded = await harness.record(modelId, 20);
  await harness.applied(recorded);
  expect(idsOf(await harness.effects(modelId))).toEqual(recorded);
  const { rows } = await harness.pool.query("SELECT * FROM intent_outbox");
  expect(rows).toEqual([]);
});

test("two dispatchers change nothing: each intent once, in order", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  await Promise.all([harness.dispatch(), harness.dispatch()]);
  const submitted: IntentId[] = [];
  for (let round = 0; round < 15; round += 1) submitted.push(...(await harness.submit(modelId, 4)));
  await harness.applied(submitted);
  expect(idsOf(await harness.effects(modelId))).toEqual(submitted);
});

test("a manager killed in the middle of a batch is started again, and nothing is lost or doubled", async () => {
  const harness = await startHarness();
  const crashFile = join(harness.servers.home, "crash");
  await harness.dispatch({ env: { FAKE_CRASH_FILE: crashFile } });
  const modelId = await harness.newModel();
  await harness.applied(await harness.submit(modelId, 1));
  await writeFile(crashFile, "");
  const submitted = await harness.submit(modelId, 5);
  await harness.applied(submitted);
  const effects = await harness.effects(modelId);
  expect(idsOf(effects).slice(1)).toEqual(submitted);
  expect(new Set(effects.map(({ epoch }) => epoch)).size).toBe(2);
});

test("a manager killed while it rests is found dead by the next intent", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const modelId = await harness.newModel();
  await harness.applied(await harness.submit(modelId, 1));
  await signalManager(harness, modelId, "SIGKILL");
  await harness.applied(await harness.submit(modelId, 1));
});

test("a frozen manager loses its lease, and another does its work", async () => {
  const harness = await startHarness();
  await harness.dispatch({ env: { FAKE_DELAY_MS: "300", TEATREE_LEASE_MS: "900" } });
  const modelId = await harness.newModel();
  const submitted = await harness.submit(modelId, 3);
  await until("the first effect", async () =>
    (await harness.effects(modelId)).length > 0 ? true : undefined,
  );
  const { leaseHolder } = await harness.model(modelId);
  const frozen = Number(leaseHolder?.split(":").at(-1));
  process.kill(frozen, "SIGSTOP");
  await until(
    "another manager",
    async () => {
      const model = await harness.model(modelId);
      return model.leaseLive && model.leaseHolder !== leaseHolder ? true : undefined;
    },
    { timeoutMs: 50_000 },
  );
  await harness.applied(submitted);
  expect(idsOf(await harness.effects(modelId))).toEqual(submitted);
});

test("a manager that cannot start leaves its job queued with the reason in its log, until it can", async () => {
  const harness = await startHarness();
  const broken = join(harness.servers.home, "broken");
  await writeFile(broken, "");
  await harness.dispatch({ env: { FAKE_BROKEN_FILE: broken } });
  const modelId = await harness.newModel();
  const [id] = await harness.submit(modelId, 1);
  if (id === undefined) throw new Error("nothing was submitted");
  const line = await until("a line in the job's log", async () => {
    const events = await jobEventsAfter(harness.pool, id, { afterId: 0, limit: 100 });
    return events.map(({ event }) => event).find((event) => event.kind === "log");
  });
  expect(line).toMatchObject({ level: "warn", step: "start_manager" });
  expect(line.line).toContain("exit code 3");
  expect((await harness.intent(id)).status).toBe("queued");
  await rm(broken);
  await harness.applied([id]);
});

test("nats-server may be killed and started again: what was acknowledged is applied, what comes later too", async () => {
  const harness = await startHarness();
  await harness.dispatch({ env: { FAKE_DELAY_MS: "20" } });
  const modelId = await harness.newModel();
  const before = await harness.submit(modelId, 10);
  await harness.servers.nats.crash();
  const meanwhile = await harness.record(modelId, 5);
  await harness.servers.nats.restart();
  await harness.applied([...before, ...meanwhile]);
  const after = await harness.submit(modelId, 3);
  await harness.applied(after);
  expect(idsOf(await harness.effects(modelId))).toEqual([...before, ...meanwhile, ...after]);
});

test("connections to PostgreSQL that are cut again and again cost time, but no intent and no order", async () => {
  const harness = await startHarness();
  await harness.dispatch({ env: { FAKE_DELAY_MS: "30" } });
  const modelId = await harness.newModel();
  const submitted: IntentId[] = [];
  for (let round = 0; round < 5; round += 1) {
    submitted.push(...(await harness.submit(modelId, 4)));
    const before = (await harness.effects(modelId)).length;
    await until("an effect", async () =>
      (await harness.effects(modelId)).length > before ? true : undefined,
    );
    await harness.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name IN ('teatree-test-dispatcher', 'teatree-fake-manager')`,
    );
  }
  await harness.applied(submitted, 40_000);
  expect(idsOf(await harness.effects(modelId))).toEqual(submitted);
});

test("a store that was wiped while nobody looked is noticed, and what it lost is published again in order", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const dispatcher = await harness.dispatch();
  const done = await harness.submit(modelId, 4);
  await harness.applied(done);
  await dispatcher.stop();
  const lost = await harness.submit(modelId, 3);
  const neverPublished = await harness.record(modelId, 2);
  await harness.servers.nats.restart({ wipe: true });
  await harness.dispatch();
  await harness.applied([...lost, ...neverPublished]);
  const effects = await harness.effects(modelId);
  expect(idsOf(effects)).toEqual([...done, ...lost, ...neverPublished]);
  expect(
    effects.every(({ sequence }, index) => index === 0 || sequence > (effects[index - 1]?.sequence ?? 0)),
  ).toBe(true);
});

test("a store that is wiped under a running dispatcher is mended, and the doorbell hangs on the new stream", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  await harness.dispatch({ env: { FAKE_DELAY_MS: "100" } });
  const first = await harness.submit(modelId, 6);
  await until("the first effect", async () =>
    (await harness.effects(modelId)).length > 0 ? true : undefined,
  );
  await harness.servers.nats.restart({ wipe: true });
  await harness.applied(first);
  const second = await harness.record(modelId, 3);
  await harness.applied(second);
  expect(idsOf(await harness.effects(modelId))).toEqual([...first, ...second]);
});

test("messages that nobody can read or that nobody recorded do not stop what comes behind them", async () => {
  const harness = await startHarness();
  const modelId = await harness.newModel();
  const publish = async (payload: string, id?: string) => {
    const carried = headers();
    const options = id === undefined ? {} : { msgID: id };
    await jetstream(harness.nats).publish(intentSubject(modelId), payload, { headers: carried, ...options });
  };
  const [stranger = ""] = await harness.record(await harness.newModel(), 1);
  const [bent] = await harness.record(modelId, 1);
  if (bent === undefined) throw new Error("nothing was recorded");
  await publish("not json");
  await publish("{}", stranger);
  await publish('{"intentId":', bent);
  for (let count = 0; count < 250; count += 1) await publish("{}");
  const sound = await harness.submit(modelId, 2);
  await harness.dispatch();
  await harness.applied([bent, ...sound]);
  expect(idsOf(await harness.effects(modelId))).toEqual([bent, ...sound]);
});

test("an intent that lies twice in the stream has one effect", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const modelId = await harness.newModel();
  const [first, second] = await harness.submit(modelId, 2);
  if (first === undefined || second === undefined) throw new Error("nothing was submitted");
  await harness.applied([first, second]);
  // As after the duplicate window: without the id header the stream takes it again.
  const row = await harness.intent(first);
  const again = {
    intentId: first,
    modelId,
    call: { function: row.function, args: row.args },
    baseVersion: null,
    submittedBy: "test",
    submittedAt: row.submittedAt.toISOString(),
  };
  await jetstream(harness.nats).publish(intentSubject(modelId), JSON.stringify(again));
  const later = await harness.submit(modelId, 1);
  await harness.applied(later);
  expect(idsOf(await harness.effects(modelId))).toEqual([first, second, ...later]);
});

test("an idle manager is stopped, and the next intent wakes it", async () => {
  const harness = await startHarness();
  await harness.dispatch({ idleMs: 300 });
  const modelId = await harness.newModel();
  await harness.applied(await harness.submit(modelId, 1));
  const { leaseEpoch } = await harness.model(modelId);
  await until("the manager's end", async () => ((await harness.model(modelId)).leaseLive ? undefined : true));
  await harness.applied(await harness.submit(modelId, 1));
  expect((await harness.model(modelId)).leaseEpoch).toBeGreaterThan(leaseEpoch);
});

test("the steps of a job say how long it waited and whether its manager had to be started", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const modelId = await harness.newModel();
  const [first] = await harness.submit(modelId, 1);
  if (first === undefined) throw new Error("nothing was submitted");
  await harness.applied([first]);
  const news = harness.nats.subscribe(jobChangedSubject(first), { max: 1 });
  const [second] = await harness.submit(modelId, 1);
  if (second === undefined) throw new Error("nothing was submitted");
  await harness.applied([second]);
  news.unsubscribe();
  const details = async (id: IntentId) =>
    until("both steps", async () => {
      const steps = await stepsOf(harness.pool, id);
      return steps.length >= 2 ? steps.map(({ name, detail }) => [name, detail]) : undefined;
    });
  expect(await details(first)).toEqual([
    ["queued", "position 1"],
    ["start_manager", "started"],
  ]);
  expect(await details(second)).toEqual([
    ["queued", "position 1"],
    ["start_manager", "already running"],
  ]);
});

test("who asks for a model's manager gets one that answers, also when the last one was just killed", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const modelId = await harness.newModel();
  const ensure = async () => {
    const request = JSON.stringify({ modelId });
    const answer = await harness.nats.request(ENSURE_MANAGER_SUBJECT, request, { timeout: 20_000 });
    return EnsuredManager.parse(answer.json());
  };
  const first = await ensure();
  expect(first).toEqual(await ensure());
  const killed = await signalManager(harness, modelId, "SIGKILL");
  const second = await ensure();
  expect(second).not.toEqual(first);
  expect((await harness.model(modelId)).leaseEpoch).toBeGreaterThan(killed);
});

test("a manager for no model is refused with a reason, and a ping is answered", async () => {
  const harness = await startHarness();
  await harness.dispatch();
  const ask = async (text: string) =>
    EnsuredManager.parse(
      (await harness.nats.request(ENSURE_MANAGER_SUBJECT, text, { timeout: 5_000 })).json(),
    );
  expect(await ask('{"modelId":"0198c1de-0000-7000-8000-000000000001"}')).toHaveProperty("error");
  expect(await ask("nonsense")).toHaveProperty("error");
  const pong = await harness.nats.request(DISPATCHER_PING_SUBJECT, "", { timeout: 5_000 });
  expect(pong.data.length).toBe(0);
});
