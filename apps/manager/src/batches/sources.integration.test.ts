import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@teatree/local-stack/testing";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { ModelId, UploadId } from "@teatree/shared/contracts/ids";
import { createModel } from "@teatree/shared/control-db/goal-models";
import { migrate } from "@teatree/shared/control-db/migrate";
import { openPool, type Pool } from "@teatree/shared/control-db/pool";
import { recordUpload } from "@teatree/shared/control-db/uploads";
import { type ObjectStore, openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SourceContext, stageSources } from "./sources.ts";

const modelId = ModelId.parse("0198b5a0-0000-7000-8000-000000000003");
const uploadId = UploadId.parse("0198b5a0-0000-7000-8000-000000000004");
const call: FunctionCall = { function: "append", args: { table: "t", uploadId } };
let home: string;
let database: TestDatabase;
let pool: Pool;
let context: SourceContext;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-sources-"));
  database = await createTestDatabase();
  await migrate(database.databaseUrl);
  pool = openPool(database.databaseUrl, { applicationName: "test" });
  await createModel(pool, { id: modelId, name: "flights", createdBy: "test" });
  const store = await openObjectStore({ kind: "directory", path: join(home, "objects") });
  const objectKey = `models/${modelId}/uploads/${uploadId}`;
  const { bytes, sha256 } = await store.put(objectKey, Buffer.from("n\n1\n"));
  const upload = {
    id: uploadId,
    modelId,
    filename: "n.csv",
    format: "csv",
    bytes,
    sha256,
    objectKey,
  } as const;
  await recordUpload(pool, { ...upload, createdBy: "test" });
  const stagingDir = await mkdtemp(join(home, "staging-"));
  const ensureFile = () => Promise.reject(new Error("no version is read here"));
  const compute = () => Promise.reject(new Error("nothing is computed here"));
  const versionsDir = join(home, "versions");
  context = { db: pool, store, modelId, versionsDir, stagingDir, ensureFile, compute };
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** The same store as one that is reached over a network. */
function remote(): ObjectStore {
  const { localPath: _, ...store } = context.store;
  return store;
}

test.each([
  ["linked from a local store", () => context],
  ["downloaded from a remote one", () => ({ ...context, store: remote() })],
])("an upload is %s and gone from staging afterwards", async (_, where) => {
  const staged = await stageSources(where(), call);
  const upload = staged.uploads?.[uploadId];
  expect(upload).toMatchObject({ format: "csv", filename: "n.csv" });
  expect(await readFile(upload?.path ?? "", "utf8")).toBe("n\n1\n");
  await staged.dispose();
  expect(await readdir(context.stagingDir)).toEqual([]);
  expect(await context.store.head(`models/${modelId}/uploads/${uploadId}`)).not.toBeNull();
});

test("a store that is away is nobody's fault and leaves nothing in staging", async () => {
  const away: ObjectStore = {
    ...remote(),
    get: () => Promise.reject(new TeatreeError("unavailable", "The store is away.")),
  };
  await expect(stageSources({ ...context, store: away }, call)).rejects.toMatchObject({
    code: "unavailable",
  });
  expect(await readdir(context.stagingDir)).toEqual([]);
});

test("an upload of another model does not exist", async () => {
  const other = ModelId.parse("0198b5a0-0000-7000-8000-000000000005");
  await expect(stageSources({ ...context, modelId: other }, call)).rejects.toMatchObject({
    code: "upload_not_found",
  });
});
