import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DuckDBInstance } from "@duckdb/node-api";
import { createTestDatabase } from "@teatree/local-stack/testing";
import { type PackName, packOfSnapshot } from "@teatree/shared/block-store/pack-name";
import { ModelId } from "@teatree/shared/contracts/ids";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { Collected } from "@teatree/shared/contracts/retention";
import { addArchivePart, markArchived } from "@teatree/shared/control-db/archive-parts";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { createModel } from "@teatree/shared/control-db/goal-models";
import { takeLease } from "@teatree/shared/control-db/leases";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { listVersions, type VersionRow } from "@teatree/shared/control-db/versions";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { createLogger } from "@teatree/shared/runtime/logger";
import { z } from "zod";
import { PublishRequest } from "../../publish/publisher.ts";
import { startPublisher } from "../../publish/publisher-host.ts";
import { openStoredVersions } from "../../testing/stored-versions.ts";
import type { CollectTask } from "./collect-child.ts";

const CHILD = new URL("./collect-child.ts", import.meta.url).pathname;
const BLOCK_BYTES = 16_384;
const sha = "a".repeat(64);
const CallCount = z.object({ calls: z.int() });

export type OneModel = {
  id: ModelId;
  /** Runs statements and publishes what comes of them as the next version. */
  write(...statements: string[]): Promise<VersionRow>;
  /** Makes the next version from one of this model or another: as a restore or a fork does. */
  continueFrom(version: VersionRow): Promise<VersionRow>;
  /** Those that are kept, ascending. */
  versions(): Promise<VersionRow[]>;
  /** Takes the lease as the next manager does. */
  takeOver(): Promise<number>;
  /** Null when the process ended itself before it was done. */
  collect(how?: Partial<CollectTask>): Promise<(Collected & { calls: number }) | null>;
};

export type TwoModels = AsyncDisposable & {
  pool: Pool;
  home: string;
  ours: OneModel;
  theirs: OneModel;
  /** Versions of both that are not what was published, with the reason. Reads every block of each, from packs alone. */
  faults(): Promise<string[]>;
  /** The same with what was remembered of the packs when they were fatter. */
  faultsOfOldReader(): Promise<string[]>;
  /** Keys below `models/` that lie in the object store. */
  objects(): Promise<string[]>;
};

/** Two models with the real publisher and a real control database; the test is their writers and their managers. */
export async function openTwoModels(): Promise<TwoModels> {
  const database = await createTestDatabase();
  await migrate(database.databaseUrl);
  const pool = openPool(database.databaseUrl, { applicationName: "test" });
  const home = await mkdtemp(join(tmpdir(), "teatree-retention-"));
  const objects = join(home, "objects");
  const versionsDir = join(home, "versions");
  const store = await openObjectStore({ kind: "directory", path: objects });
  const publisher = startPublisher(
    { versionsDir, selfCheckEvery: 0 },
    { OBJECT_STORE: `directory:${objects}` },
    createLogger("test", "silent"),
  );
  const oldReader = await openStoredVersions(home);
  let sequence = 0;

  async function openModel(name: string): Promise<OneModel> {
    const id = ModelId.parse(randomUUID());
    await createModel(pool, { id, name, createdBy: "test" });
    const liveFile = join(home, `${name}.duckdb`);
    let epoch = 0;
    let version = 0;
    let base: PackName | null = null;
    await takeOver();

    async function takeOver(): Promise<number> {
      const taken = await takeLease(pool, {
        modelId: id,
        holder: "test",
        deadHolder: "test",
        ttlMs: 600_000,
      });
      epoch = taken?.epoch ?? epoch;
      return epoch;
    }

    async function write(...statements: string[]): Promise<VersionRow> {
      version += 1;
      sequence += 1;
      await runOnce(liveFile, [
        "CREATE SCHEMA IF NOT EXISTS _teatree",
        "CREATE TABLE IF NOT EXISTS _teatree.ledger (sequence UBIGINT)",
        "CREATE TABLE IF NOT EXISTS _teatree.version_info (version INTEGER)",
        "CREATE TABLE IF NOT EXISTS t (id INTEGER, payload VARCHAR)",
        ...statements,
        `INSERT INTO _teatree.ledger VALUES (${sequence})`,
        "DELETE FROM _teatree.version_info",
        `INSERT INTO _teatree.version_info VALUES (${version})`,
      ]);
      return publish();
    }

    async function publish(): Promise<VersionRow> {
      const parent = version > 1 ? version - 1 : null;
      const createdAt = new Date();
      const facts = { storageVersion: "v1.4.0", engineVersion: "v1.5.6" };
      const request = PublishRequest.parse({
        ...facts,
        liveFile,
        model: id,
        version,
        epoch,
        parent,
        base,
        keep: base ? [base] : [],
        createdAt: createdAt.toISOString(),
        intents: [],
        tables: [],
        reads: {},
        blockSize: BLOCK_BYTES,
        ledgerHead: sequence,
      });
      const { file, pack, packBytes, bytes, newBytes, hash, owners } = await publisher.publish(request);
      base = packOfSnapshot(file);
      // Every second version changes the table that is archived.
      const writtenVersion = version - ((version + 1) % 2);
      const table = { table: "t", rows: 1, rowsDelta: 0, columns: [], schemaHash: sha, contentHash: sha };
      const row = {
        ...table,
        changed: true,
        writtenBy: null,
        writtenVersion,
        derivedFrom: [],
        appendedFrom: null,
      };
      const made = { version, parent, createdAt, intents: [], bytes, newBytes, hash, ...facts };
      await commitBatch(pool, {
        modelId: id,
        epoch,
        baseVersion: version - 1,
        position: sequence,
        version: { ...made, file, pack, packBytes, packModels: owners, content: [row] },
        outcomes: [],
        notifications: [],
      });
      await archive(writtenVersion);
      const [newest] = await listVersions(pool, id, { limit: 1 });
      if (!newest) throw new Error("the version was not committed");
      return newest;
    }

    async function archive(writtenVersion: number): Promise<void> {
      const key = `models/${id}/archive/v${writtenVersion}/t.parquet`;
      const { bytes, sha256 } = await store.put(key, Buffer.from(key));
      await addArchivePart(pool, id, version, { table: "t", key, rows: 1, bytes, sha256 });
      await markArchived(pool, id, version, null);
    }

    return {
      id,
      write,
      takeOver,
      versions: async () => (await listVersions(pool, id, { limit: 10_000 })).toReversed(),
      async continueFrom(from) {
        await rm(liveFile, { force: true });
        await publisher.write(VersionFile.parse(from.file), liveFile);
        base = packOfSnapshot(from.file);
        return write();
      },
      collect: (how = {}) =>
        runCollection({
          databaseUrl: database.databaseUrl,
          modelId: id,
          epoch,
          versionsDir,
          objects,
          ...how,
        }),
    };
  }

  const [ours, theirs] = [await openModel("ours"), await openModel("theirs")];

  async function faults(reader: Pick<typeof oldReader, "fault">): Promise<string[]> {
    const found: string[] = [];
    for (const [name, model] of Object.entries({ ours, theirs })) {
      for (const row of await model.versions()) {
        const fault = await reader.fault(row);
        if (fault !== null) found.push(`version ${row.version} of ${name}: ${fault}`);
      }
    }
    return found;
  }

  return {
    pool,
    home,
    ours,
    theirs,
    faults: async () => faults(await openStoredVersions(home)),
    faultsOfOldReader: () => faults(oldReader),
    async objects() {
      const keys: string[] = [];
      for await (const { key } of store.list("models/")) keys.push(key);
      return keys.sort();
    },
    async [Symbol.asyncDispose]() {
      await publisher.stop();
      await pool.end();
      await database[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** A writer's process opens the file for as long as it lives; here nobody else does, so each version opens it anew. */
async function runOnce(liveFile: string, statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(liveFile, {
    storage_compatibility_version: "v1.4.0",
    default_block_size: String(BLOCK_BYTES),
    wal_autocheckpoint: "1TB",
    threads: "1",
  });
  const connection = await instance.connect();
  try {
    await connection.run("BEGIN");
    for (const statement of statements) await connection.run(statement);
    await connection.run("COMMIT");
    await connection.run("CHECKPOINT");
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function runCollection(task: CollectTask) {
  const child = spawn(process.execPath, [CHILD], {
    env: { PATH: process.env.PATH, COLLECT_TASK: JSON.stringify(task) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  if (signal === "SIGKILL") return null;
  if (code !== 0) throw new Error(errors);
  const result: unknown = JSON.parse(output);
  const { calls } = CallCount.parse(result);
  return { ...Collected.parse(result), calls };
}
