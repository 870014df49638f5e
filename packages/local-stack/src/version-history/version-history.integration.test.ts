import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { blockOffset } from "@teatree/shared/block-store/block-list";
import { rootHash } from "@teatree/shared/block-store/root-hash";
import { type ApiClient, createApiClient } from "@teatree/shared/client/api";
import { updateSnapshot } from "@teatree/shared/client/snapshot-update";
import { isFinal } from "@teatree/shared/contracts/jobs";
import { Manifest } from "@teatree/shared/contracts/versions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../polling.ts";
import { seeded } from "../seeded-random.ts";
import { startTestSystem, type TestSystem } from "../test-system.ts";
import { askNative, type Rows, rowsOf, startWasm } from "./engines.ts";
import { fingerprintSql, type Step, stepOf } from "./mixed-intents.ts";

const MODEL = "history";
const VERSIONS = 200;

let system: TestSystem;
let api: ApiClient;
let folder: string;
const steps: Step[] = [];

beforeAll(async () => {
  system = await startTestSystem();
  api = createApiClient({ baseUrl: system.url, token: system.token });
  folder = await mkdtemp(join(tmpdir(), "teatree-history-"));
  await api.createModel({ body: { name: MODEL } });
  const random = seeded(11);
  for (let version = 1; version <= VERSIONS; version += 1) {
    const step = stepOf(version, random);
    steps.push(step);
    const { jobId } = await api.submitIntent(MODEL, step.intent);
    const job = await until(`version ${version}`, async () => {
      const found = await api.getJob({ params: { job: jobId } });
      return isFinal(found.status) ? found : undefined;
    });
    expect(job, JSON.stringify(job.error)).toMatchObject({ status: "applied", version });
  }
}, 300_000);

afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

async function download(version: number): Promise<Buffer> {
  const headers = { authorization: `Bearer ${system.token}` };
  const answer = await fetch(api.snapshotUrl(MODEL, version), { headers });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

const manifestOf = async (version: number) =>
  Manifest.parse(await api.getManifest({ params: { model: MODEL, version } }));

/** The root hash of a file as it lies there, holes taken from the manifest. */
function hashOfFile(bytes: Buffer, { blockSize, blocks }: Manifest): string {
  const name = (from: number, to: number) =>
    createHash("sha256").update(bytes.subarray(from, to)).digest("hex");
  return rootHash({
    bytes: bytes.length,
    blockSize,
    header: name(0, 12_288),
    blocks: blocks.map((block, index) => {
      const offset = blockOffset({ blockSize }, index);
      return block === null ? null : name(offset, offset + blockSize);
    }),
  });
}

/** What every version must hold, computed from the intents by an engine that knows nothing of versions. */
async function recomputed(tablesOf: (version: number) => string[]): Promise<Rows[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const histories: string[][] = [];
  const answers: Rows[] = [];
  for (const [index, step] of steps.entries()) {
    const before = histories[index - 1] ?? [];
    if ("sql" in step) {
      await connection.run(step.sql);
      histories.push([...before, step.sql]);
    } else {
      const restored = histories[step.restores - 1] ?? [];
      await replay(connection, restored);
      histories.push(restored);
    }
    answers.push(await rowsOf(connection, fingerprintSql(tablesOf(index + 1))));
  }
  connection.closeSync();
  instance.closeSync();
  return answers;
}

async function replay(connection: DuckDBConnection, statements: string[]): Promise<void> {
  for (const [name] of await rowsOf(connection, "SELECT table_name FROM duckdb_tables()")) {
    await connection.run(`DROP TABLE "${name}"`);
  }
  for (const statement of statements) await connection.run(statement);
}

describe(`a history of ${VERSIONS} versions with every kind of change`, () => {
  test("every version downloads, is what its manifest says, opens in DuckDB and in the page's engine, and answers as the reader does and as its intents say", async () => {
    const versions = (
      await api.listVersions({ params: { model: MODEL }, query: { limit: 1000 } })
    ).items.toReversed();
    expect(versions.map(({ version }) => version)).toEqual(steps.map((_, index) => index + 1));
    const tablesOf = (version: number) => (versions[version - 1]?.tables ?? []).map(({ name }) => name);
    const expected = await recomputed(tablesOf);
    const wasm = await startWasm();
    for (const { version, hash, bytes } of versions) {
      const sql = fingerprintSql(tablesOf(version));
      const file = await download(version);
      const manifest = await manifestOf(version);
      expect(file.length).toBe(bytes);
      expect(manifest.hash).toBe(hash);
      expect(hashOfFile(file, manifest), `version ${version}`).toBe(hash);
      const path = join(folder, `v${version}.duckdb`);
      await writeFile(path, file);
      const answers = {
        native: sorted(await askNative(path, sql)),
        wasm: sorted(wasm.ask(file, sql)),
        reader: sorted((await api.queryJson(MODEL, { sql, version })).rows.map((row) => row.map(String))),
      };
      const truth = sorted(expected[version - 1] ?? []);
      expect(answers, `version ${version}`).toEqual({ native: truth, wasm: truth, reader: truth });
      await rm(path);
    }
    wasm.close();
  }, 300_000);

  test("a copy of version n − 100 becomes version n by their difference, byte for byte, for little more than the changed blocks", async () => {
    for (const [from, to] of [
      [100, 200],
      [60, 160],
    ] as const) {
      const file = Uint8Array.from(await download(from));
      const kept = { bytes: file };
      const update = await updateSnapshot({
        api,
        model: MODEL,
        from,
        to,
        file: {
          async write(offset, bytes) {
            kept.bytes.set(bytes, offset);
          },
          async read(offset, length) {
            return kept.bytes.slice(offset, offset + length);
          },
          async resize(bytes) {
            const resized = new Uint8Array(bytes);
            resized.set(kept.bytes.subarray(0, bytes));
            kept.bytes = resized;
          },
        },
      });
      expect(Buffer.from(kept.bytes).equals(await download(to))).toBe(true);
      expect(update.movedBytes).toBeLessThanOrEqual(1.2 * update.changedBytes);
      expect(update.movedBytes).toBeGreaterThan(0);
    }
  });
});

function sorted(rows: Rows): Rows {
  return rows.toSorted((a, b) => a.join().localeCompare(b.join()));
}
