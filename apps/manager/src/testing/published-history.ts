import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createTestDatabase } from "@teatree/local-stack/testing";
import { packOfSnapshot } from "@teatree/shared/block-store/pack-name";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { createModel } from "@teatree/shared/control-db/goal-models";
import { takeLease } from "@teatree/shared/control-db/leases";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { findVersion, type NewContent, type VersionRow } from "@teatree/shared/control-db/versions";
import { createLogger } from "@teatree/shared/runtime/logger";
import { contentOfVersion } from "../batches/content.ts";
import { PublishRequest } from "../publish/publisher.ts";
import { startPublisher } from "../publish/publisher-host.ts";
import { openTestWriter, type TestWriter } from "../writer/testing/test-writer.ts";
import { openStoredVersions, type StoredVersions } from "./stored-versions.ts";

type Call = [name: string, args: unknown];

/** A model with the real writer, publisher and control database; only the queue and the manager's own process are left out. */
export interface PublishedHistory extends AsyncDisposable {
  pool: Pool;
  home: string;
  versionsDir: string;
  storeEnv: Record<string, string>;
  modelId: TestWriter["modelId"];
  stored: StoredVersions;
  /** Runs functions as one batch and publishes what comes of them. Throws when one fails. */
  publish(...calls: Call[]): Promise<VersionRow>;
  sql(text: string): Promise<VersionRow>;
  /** Publishes a version that equals an earlier one. */
  restore(version: number): Promise<VersionRow>;
  version(version: number): Promise<VersionRow>;
  /** Takes the read-only files of all versions away, as if they had been put to another use. */
  removeFiles(): Promise<void>;
}

/** `elsewhere` says where the object store is, for one that is no folder of this model's own. */
export async function openPublishedHistory(elsewhere?: Record<string, string>): Promise<PublishedHistory> {
  const database = await createTestDatabase();
  await migrate(database.databaseUrl);
  const pool = openPool(database.databaseUrl, { applicationName: "test" });
  const writer = await openTestWriter();
  const { folder: home, modelId } = writer;
  const versionsDir = join(home, "versions");
  const storeEnv = elsewhere ?? { OBJECT_STORE: `directory:${join(home, "objects")}` };
  const publisher = startPublisher(
    { versionsDir, selfCheckEvery: 0 },
    storeEnv,
    createLogger("test", "silent"),
  );
  await createModel(pool, { id: modelId, name: "flights", createdBy: "test" });
  await takeLease(pool, { modelId, holder: "test", ttlMs: 600_000 });
  let current: VersionRow | null = null;
  let content: NewContent[] = [];

  async function find(version: number): Promise<VersionRow> {
    const row = await findVersion(pool, modelId, version);
    if (!row) throw new Error(`there is no version ${version}`);
    return row;
  }

  async function commit(
    outcomes: Awaited<ReturnType<TestWriter["run"]>>[],
    base: string | undefined,
  ): Promise<VersionRow> {
    const version = (current?.version ?? 0) + 1;
    const parent = current?.version ?? null;
    const { ledgerHead, ...checkpointed } = await writer.checkpoint(version);
    const createdAt = new Date();
    const request = PublishRequest.parse({
      ...checkpointed,
      liveFile: writer.liveFile,
      model: modelId,
      version,
      epoch: 1,
      parent,
      base: base === undefined ? null : packOfSnapshot(base),
      keep: [],
      createdAt: createdAt.toISOString(),
      intents: [],
      reads: {},
      ledgerHead,
    });
    const { file, pack, packBytes, bytes, newBytes, hash, owners } = await publisher.publish(request);
    content = contentOfVersion(version, content, checkpointed.tables, outcomes);
    const { storageVersion, engineVersion } = checkpointed;
    const facts = { parent, createdAt, intents: [], bytes, newBytes, hash, storageVersion, engineVersion };
    const committed = await commitBatch(pool, {
      modelId,
      epoch: 1,
      baseVersion: version - 1,
      position: version,
      outcomes: [],
      notifications: [],
      version: {
        ...facts,
        version,
        file,
        pack,
        packBytes,
        packModels: owners,
        content: content.map((row) => ({ ...row, writtenBy: null })),
      },
    });
    if (committed !== "committed") throw new Error("the version was not committed");
    current = await find(version);
    return current;
  }

  const publish: PublishedHistory["publish"] = async (...calls) => {
    const outcomes = [];
    for (const [name, args] of calls) {
      const outcome = await writer.run(name, args);
      if (outcome.status !== "applied") throw new Error(JSON.stringify(outcome.error));
      outcomes.push(outcome);
    }
    return commit(outcomes, current?.file);
  };

  return {
    pool,
    home,
    versionsDir,
    storeEnv,
    modelId,
    stored: await openStoredVersions(home),
    publish,
    sql: (text) => publish(["sql", { sql: text }]),
    async restore(version) {
      const { file } = await find(version);
      await writer.writer.close();
      await rm(writer.liveFile, { force: true });
      await publisher.write(VersionFile.parse(file), writer.liveFile);
      await writer.reopen();
      return commit([], file);
    },
    version: find,
    removeFiles: () => rm(versionsDir, { recursive: true, force: true }),
    async [Symbol.asyncDispose]() {
      await publisher.stop();
      await pool.end();
      await database[Symbol.asyncDispose]();
      await writer.close();
    },
  };
}
