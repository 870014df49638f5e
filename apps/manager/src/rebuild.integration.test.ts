import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { until } from "@teatree/local-stack/polling";
import { AppendArgs, RestoreArgs } from "@teatree/shared/contracts/functions";
import { archivePartsOf } from "@teatree/shared/control-db/archive-parts";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { expect, test } from "vitest";
import { rebuildVersion } from "./archive/rebuild.ts";
import { archiveThrough } from "./testing/archive-through.ts";
import { openedModels } from "./testing/opened-models.ts";
import { openPublishedHistory } from "./testing/published-history.ts";
import { differences } from "./testing/same-tables.ts";
import { sql } from "./testing/test-model.ts";

const MAIN = new URL("./rebuild-main.ts", import.meta.url).pathname;

async function rebuild(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, out, said };
}

const models = openedModels();

test("what a manager publishes, restores and compacts is rebuilt version by version", async () => {
  const model = await models.open();
  const items = await model.submit([
    sql("CREATE TABLE t AS SELECT range AS n, hash(range) AS h FROM range(20000); CREATE VIEW v AS FROM t"),
    { function: "append", args: AppendArgs.parse({ table: "t", rows: [{ n: -1 }] }) },
    sql("DELETE FROM t WHERE n % 2 = 0"),
    { function: "restore", args: RestoreArgs.parse({ version: 2 }) },
    { function: "compact", args: {} },
    sql("INSERT INTO t VALUES (-2, 7)"),
  ]);
  for (const item of items) await model.drive([item]);
  const versions = await model.versions();
  await until("the last one is archived", async () => (await model.row()).archivedVersion === 6 || undefined);
  const store = await openObjectStore({ kind: "directory", path: join(model.servers.home, "objects") });
  for (const row of versions) {
    const { version } = row;
    const published = join(model.servers.home, `published-${version}.duckdb`);
    const out = join(model.servers.home, `rebuilt-${version}.duckdb`);
    await model.stored.write(row, published);
    await rebuildVersion({ store, modelId: model.modelId, version, out, say: () => undefined });
    expect(await differences(published, out)).toEqual([]);
  }
  const [second, restored, compacted] = await Promise.all(
    [2, 4, 5].map((version) => archivePartsOf(model.pool, model.modelId, version)),
  );
  expect(restored).toEqual(second);
  expect(compacted).toEqual(second);
});

test("a person rebuilds a version with one command, told what it does and why it does not", async () => {
  await using model = await openPublishedHistory();
  await model.sql("CREATE TABLE t AS SELECT range AS n FROM range(1000)");
  const second = await model.sql("DELETE FROM t WHERE n > 10");
  await archiveThrough(model, 2);

  const env = { TEATREE_HOME: model.home };
  const out = join(model.home, "rebuilt.duckdb");
  const args = ["--model", model.modelId, "--out", out];
  const done = await rebuild(args, env);
  expect(done).toMatchObject({ code: 0, out: "" });
  expect(done.said).toMatch(/version 2 of .*\nt: part 1 of 1, 11 rows\n.*rebuilt\.duckdb is complete\n/);
  const published = join(model.home, "published.duckdb");
  await model.stored.write(second, published);
  expect(await differences(published, out)).toEqual([]);

  expect(await rebuild(args, env)).toMatchObject({
    code: 1,
    said: expect.stringContaining("is left as it is"),
  });
  const older = await rebuild([...args.slice(0, 2), "--version", "9", "--out", `${out}-9`], env);
  expect(older).toMatchObject({ code: 1, said: expect.stringContaining("Versions it has: 1, 2.") });
  expect(await rebuild(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("--version") });
  expect(await rebuild(["--model", "flights"])).toMatchObject({ code: 2 });
  expect(await rebuild(args)).toMatchObject({ code: 1, said: expect.stringContaining("No object store") });
});
