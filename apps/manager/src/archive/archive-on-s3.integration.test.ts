import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openBlockStore } from "@teatree/shared/block-store/block-store";
import { packOfKey } from "@teatree/shared/block-store/pack-name";
import { packPlaces } from "@teatree/shared/block-store/pack-places";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { type S3Peer, startSwiftPeer } from "@teatree/shared/object-store/testing/swift-peer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSnapshotFiles } from "../publish/snapshot-files.ts";
import { archiveThrough } from "../testing/archive-through.ts";
import { openPublishedHistory } from "../testing/published-history.ts";
import { differences } from "../testing/same-tables.ts";
import { rebuildVersion } from "./rebuild.ts";

let peer: S3Peer;
beforeAll(async () => {
  peer = await startSwiftPeer();
}, 180_000);
afterAll(() => peer[Symbol.asyncDispose]());

test("with the object store on S3 a version is archived when its pack is there, too; either alone gives it back", async () => {
  const { endpoint, region, bucket, credentials } = peer;
  await using model = await openPublishedHistory({
    S3_ENDPOINT: endpoint,
    S3_REGION: region,
    S3_BUCKET: bucket,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  const config = { endpoint, region, bucket, credentials, forcePathStyle: true, checksums: true };
  const store = await openObjectStore({ kind: "s3", ...config });
  await model.sql("CREATE TABLE t AS SELECT range AS n, hash(range) AS h FROM range(20000)");
  const { pack } = await model.publish(["append", { table: "t", rows: [{ n: -1, h: "1" }] }]);
  expect(await store.head(pack)).toBeNull();
  await archiveThrough(model, 2);

  await model.removeFiles();
  const name = packOfKey(pack);
  if (!name) throw new Error("no pack");
  const blocks = openBlockStore(packPlaces(store, model.versionsDir));
  const fromBlocks = join(model.home, "from-blocks.duckdb");
  await openSnapshotFiles(model.versionsDir, blocks).writeTo(fromBlocks, await blocks.version(name));
  const fromParquet = join(model.home, "from-parquet.duckdb");
  await rebuildVersion({ store, modelId: model.modelId, out: fromParquet, say: () => undefined });
  expect(await differences(fromBlocks, fromParquet)).toEqual([]);
  await rm(fromBlocks);
  await store.close();
});
