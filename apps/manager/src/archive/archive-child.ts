import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { type ObjectStore, openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { serveParent } from "../children/serve-parent.ts";
import { readObjectStoreConfig } from "../env.ts";
import { type ArchiveAnswer, ArchiveCall } from "./archive-call.ts";
import { parquetColumns, quoted } from "./parquet-columns.ts";

// An archive may take as long as it takes: the writer and the readers go first.
serveParent(ArchiveCall, answer, { nice: 15 });

let opened: Promise<ObjectStore> | undefined;

async function answer(call: ArchiveCall): Promise<ArchiveAnswer> {
  if (call.kind === "hash") return hashFile(call.path);
  const target = join(call.scratchDir, `${randomUUID()}.parquet`);
  try {
    await exportTable(call, target);
    const file = await hashFile(target);
    await store(call.key, target, file);
    return file;
  } finally {
    await rm(target, { force: true });
  }
}

async function store(key: string, path: string, file: ArchiveAnswer): Promise<void> {
  opened ??= openObjectStore(readObjectStoreConfig());
  // One that could not be opened is tried again at the next call.
  opened.catch(() => {
    opened = undefined;
  });
  const objects = await opened;
  const stored = await objects.putFile(key, path, { ...file, ifAbsent: true });
  if (stored.created || stored.sha256 === file.sha256) return;
  // From a try whose record was lost. Nothing names it yet, and Parquet of equal rows need not have equal bytes.
  await objects.remove(key);
  await objects.putFile(key, path, file);
}

/** A fresh instance per table: what it needed is given back. */
async function exportTable(call: Extract<ArchiveCall, { kind: "export" }>, target: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "1GB",
    temp_directory: call.scratchDir,
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH ${literal(call.snapshot)} AS snapshot (READ_ONLY)`);
    await connection.run(
      `COPY (SELECT ${parquetColumns(call.columns)} FROM snapshot.main.${quoted(call.table)})
         TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = /No space left|disk is full/i.test(message) ? "disk_full" : "internal";
    throw new TeatreeError(code, message, { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function hashFile(path: string): Promise<ArchiveAnswer> {
  const digest = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: digest.digest("hex") };
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
