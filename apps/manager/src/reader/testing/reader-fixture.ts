import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { ModelId } from "@teatree/shared/contracts/ids";
import { ARROW_STREAM } from "@teatree/shared/contracts/query";
import { createLogger } from "@teatree/shared/runtime/logger";
import { signToken } from "@teatree/shared/runtime/tokens";
import { type Reader, type ReaderOptions, startReader } from "../reader-host.ts";

const SECRET = "a secret that only tests know";

export type ReaderFixture = {
  reader: Reader;
  modelId: ModelId;
  versionsDir: string;
  /** Makes a version's file with these statements; gives its name as the control database holds it. */
  version(number: number, statements: string[], epoch?: number): Promise<string>;
  token(model?: ModelId, action?: "query" | "batch"): Promise<string>;
  /** Sends a query; `body` overrides any field. */
  query(file: string, sql: string, body?: Record<string, unknown>): Promise<Response>;
  stop(): Promise<void>;
};

/** A reader process of its own, with a folder of versions of its own. */
export async function startReaderFixture(options: Partial<ReaderOptions> = {}): Promise<ReaderFixture> {
  const versionsDir = await mkdtemp(join(tmpdir(), "teatree-reader-test-"));
  const modelId = ModelId.parse(randomUUID());
  await mkdir(join(versionsDir, modelId));
  const reader = await startReader({
    versionsDir,
    modelId,
    secret: SECRET,
    threads: 2,
    memoryLimitBytes: 1_073_741_824,
    logger: createLogger("test", "fatal"),
    makeFile: (file) => Promise.reject(new TeatreeError("unavailable", `The file ${file} is not here.`)),
    ...options,
  });
  const token = (model = modelId, action: "query" | "batch" = "query") =>
    signToken(SECRET, { sub: model, action });
  return {
    reader,
    modelId,
    versionsDir,
    token,
    async version(number, statements, epoch = 1) {
      const file = `${modelId}/v${number}-e${epoch}.duckdb`;
      await makeSnapshot(join(versionsDir, file), statements);
      return file;
    },
    async query(file, sql, body = {}) {
      return fetch(`${reader.url}/query`, {
        method: "POST",
        headers: { authorization: `Bearer ${await token()}` },
        body: JSON.stringify({
          queryId: randomUUID(),
          file,
          sql,
          version: 1,
          timeoutMs: 20_000,
          accept: ARROW_STREAM,
          ...body,
        }),
      });
    },
    async stop() {
      await reader.stop();
      await rm(versionsDir, { recursive: true, force: true });
    },
  };
}

async function makeSnapshot(path: string, statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path, {
    storage_compatibility_version: "v1.4.0",
    default_block_size: "65536",
  });
  const connection = await instance.connect();
  try {
    await connection.run("CREATE SCHEMA _teatree; CREATE TABLE _teatree.ledger (intent_id UUID PRIMARY KEY)");
    for (const statement of statements) await connection.run(statement);
    await connection.run("CHECKPOINT");
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
