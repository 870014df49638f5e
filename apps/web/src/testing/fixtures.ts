import { createHash, randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelId } from "@teatree/shared/contracts/ids";
import type { Manifest } from "@teatree/shared/contracts/versions";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { modelById } from "@teatree/shared/control-db/goal-models";
import { announceManager, takeLease } from "@teatree/shared/control-db/leases";

import type { TestWeb } from "./test-web.ts";

const SNAPSHOT_BYTES = 100_000;

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** Deterministic bytes that are no DuckDB file: web never looks inside. */
function snapshotBytes(seed: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: SNAPSHOT_BYTES }, (_, index) => (index * 31 + seed * 7) & 0xff),
  );
}

export async function makeModel(web: TestWeb, name = `m${randomUUID().slice(0, 8)}`) {
  return web.api.createModel({ body: { name } });
}

/**
 * Publishes a version as a manager does: files, then the compare-and-set. `readerUrl` is announced with the lease.
 * Gives the bytes of the snapshot and its hash.
 */
export async function publishVersion(web: TestWeb, model: { id: string }, readerUrl = "http://127.0.0.1:9") {
  const modelId = ModelId.parse(model.id);
  const before = await modelById(web.pool, modelId);
  const version = (before?.currentVersion ?? 0) + 1;
  const lease = await takeLease(web.pool, { modelId, holder: "test", deadHolder: "test", ttlMs: 60_000 });
  if (lease === null) throw new Error("the lease is held by another");
  const { epoch } = lease;
  await announceManager(web.pool, { modelId, epoch, managerUrl: "http://127.0.0.1:9", readerUrl });
  const bytes = snapshotBytes(version);
  const hash = sha256(`hash of v${version}`);
  const file = `${modelId}/v${version}-e${epoch}.duckdb`;
  const manifestFile = `${modelId}/v${version}-e${epoch}.manifest.json`;
  await mkdir(join(web.versionsDirectory, modelId), { recursive: true });
  await writeFile(join(web.versionsDirectory, file), bytes);
  const table = {
    name: "flights",
    rows: 10 * version,
    schemaHash: sha256("schema"),
    contentHash: `content-${version}`,
    columns: [{ name: "a", type: "BIGINT", nullable: true }],
  };
  const parent = version === 1 ? null : version - 1;
  const createdAt = new Date();
  const manifest: Manifest = {
    model: modelId,
    version,
    parent,
    createdAt: createdAt.toISOString(),
    hash,
    bytes: bytes.length,
    blockSize: 65_536,
    header: sha256("header"),
    blocks: [sha256("unchanged"), null, sha256(`block of v${version}`)],
    intents: [],
    tables: [table],
    reads: {},
    storageVersion: "v1.4.0",
    engineVersion: "v1.5.6",
  };
  await writeFile(join(web.versionsDirectory, manifestFile), JSON.stringify(manifest));
  const { name, ...content } = table;
  const written = await commitBatch(web.pool, {
    modelId,
    epoch,
    baseVersion: version - 1,
    position: (before?.position ?? 0) + 1,
    version: {
      version,
      parent,
      createdAt,
      intents: [],
      bytes: bytes.length,
      newBytes: bytes.length,
      hash,
      storageVersion: "v1.4.0",
      engineVersion: "v1.5.6",
      file,
      manifestFile,
      content: [
        {
          ...content,
          table: name,
          rowsDelta: 10,
          changed: true,
          writtenBy: null,
          writtenVersion: version,
          derivedFrom: [],
          appendedFrom: null,
        },
      ],
    },
    outcomes: [],
    notifications: [],
  });
  if (written !== "committed") throw new Error("the version was not committed");
  return { version, bytes, hash, file };
}
