import { createHash, randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packKey, packOfKey, snapshotFile } from "@teatree/shared/block-store/pack-name";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { packFile } from "@teatree/shared/block-store/testing/pack-file";
import { ModelId } from "@teatree/shared/contracts/ids";
import { HEADER_BYTES } from "@teatree/shared/contracts/versions";
import { commitBatch } from "@teatree/shared/control-db/commit-batch";
import { modelById } from "@teatree/shared/control-db/goal-models";
import { announceManager, takeLease } from "@teatree/shared/control-db/leases";
import { findVersion } from "@teatree/shared/control-db/versions";
import type { TestWeb } from "./test-web.ts";

const SNAPSHOT_BYTES = 100_000;
const BLOCK_BYTES = 16_384;

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/**
 * Deterministic bytes that are no DuckDB file: web never looks inside. Of the six blocks the first is the same in every version
 * and the second is a hole.
 */
function snapshotBytes(seed: number): Buffer {
  const bytes = Buffer.from(
    Uint8Array.from({ length: SNAPSHOT_BYTES }, (_, index) => (index * 31 + (index >> 8) + seed * 7) & 0xff),
  );
  bytes.fill(1, HEADER_BYTES, HEADER_BYTES + BLOCK_BYTES);
  return bytes.fill(0, HEADER_BYTES + BLOCK_BYTES, HEADER_BYTES + 2 * BLOCK_BYTES);
}

export async function makeModel(web: TestWeb, name = `m${randomUUID().slice(0, 8)}`) {
  return web.api.createModel({ body: { name } });
}

/**
 * Publishes a version as a manager does: pack and file, then the compare-and-set. `readerUrl` is announced with the lease; `given`
 * is the snapshot, when the test cares. Gives the bytes of the snapshot and its hash.
 */
export async function publishVersion(
  web: TestWeb,
  model: { id: string },
  readerUrl = "http://127.0.0.1:9",
  given?: { bytes: Buffer; blockSize: number },
) {
  const modelId = ModelId.parse(model.id);
  const before = await modelById(web.pool, modelId);
  const version = (before?.currentVersion ?? 0) + 1;
  const lease = await takeLease(web.pool, { modelId, holder: "test", deadHolder: "test", ttlMs: 60_000 });
  if (lease === null) throw new Error("the lease is held by another");
  const { epoch } = lease;
  await announceManager(web.pool, { modelId, epoch, managerUrl: "http://127.0.0.1:9", readerUrl });
  const { bytes, blockSize } = given ?? { bytes: snapshotBytes(version), blockSize: BLOCK_BYTES };
  const table = {
    name: "flights",
    rows: 10 * version,
    schemaHash: sha256("schema"),
    contentHash: `content-${version}`,
    columns: [{ name: "a", type: "BIGINT", nullable: true }],
  };
  const parent = version === 1 ? null : version - 1;
  const createdAt = new Date();
  const pack = { model: modelId, version, epoch };
  const { record, packBytes, newBytes } = await packFile(
    packPlaces(web.context.store, web.versionsDirectory),
    pack,
    bytes,
    {
      blockSize,
      base: await storedBase(web, modelId, parent),
      facts: { parent, createdAt: createdAt.toISOString(), tables: [table] },
    },
  );
  const { hash, owners, storageVersion, engineVersion } = record;
  const file = snapshotFile(pack);
  await mkdir(dirname(join(web.versionsDirectory, file)), { recursive: true });
  await writeFile(join(web.versionsDirectory, file), bytes);
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
      newBytes,
      hash,
      storageVersion,
      engineVersion,
      file,
      pack: packKey(pack),
      packBytes,
      packModels: owners,
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
  return { version, bytes, hash, file, pack };
}

async function storedBase(web: TestWeb, modelId: ModelId, parent: number | null) {
  const row = parent === null ? null : await findVersion(web.pool, modelId, parent);
  const name = packOfKey(row?.pack ?? "");
  return name === null ? undefined : web.context.blocks.version(name);
}
