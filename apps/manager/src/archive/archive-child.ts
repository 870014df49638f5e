import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { serveParent } from "../children/serve-parent.ts";
import { type ArchiveAnswer, ArchiveCall } from "./archive-call.ts";
import { parquetColumns, quoted } from "./parquet-columns.ts";

// An archive may take as long as it takes: the writer and the readers go first.
serveParent(ArchiveCall, answer, { nice: 15 });

async function answer(call: ArchiveCall): Promise<ArchiveAnswer> {
  if (call.kind === "hash") return hashFile(call.path);
  await exportTable(call);
  return hashFile(call.target);
}

/** A fresh instance per table: what it needed is given back. */
async function exportTable(call: Extract<ArchiveCall, { kind: "export" }>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "1GB",
    temp_directory: call.spillDir,
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH ${literal(call.snapshot)} AS snapshot (READ_ONLY)`);
    await connection.run(
      `COPY (SELECT ${parquetColumns(call.columns)} FROM snapshot.main.${quoted(call.table)})
         TO ${literal(call.target)} (FORMAT parquet, COMPRESSION zstd)`,
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
