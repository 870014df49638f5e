import { type RecordBatch, Table } from "apache-arrow";
import type { EngineConnection } from "../../clients/duckdb-engine.ts";
import { connectToSnapshot, type DeviceProgress } from "./device-engine.ts";
import type { SnapshotOfVersion } from "./snapshot-store.ts";
import { type DescribedColumn, statementForPage } from "./statement-for-page.ts";

export type DeviceAnswer = { table: Table; truncated: boolean; elapsedMs: number };

/**
 * Runs one statement on a snapshot in this page. Reads at most `limit` rows and says when there were more.
 * @throws the engine's Error with its message; an abort throws the signal's reason
 */
export async function runOnDevice(
  snapshot: SnapshotOfVersion,
  sql: string,
  options: { limit: number; signal: AbortSignal; onProgress: (progress: DeviceProgress) => void },
): Promise<DeviceAnswer> {
  const { limit, signal, onProgress } = options;
  const connection = await connectToSnapshot(snapshot, options);
  const stop = () => void connection.cancelSent().catch(() => undefined);
  try {
    signal.throwIfAborted();
    onProgress({ step: "run" });
    const started = performance.now();
    signal.addEventListener("abort", stop, { once: true });
    const reader = await connection.send(statementForPage(sql, await describe(connection, sql)), true);
    signal.throwIfAborted();
    const batches: RecordBatch[] = [];
    let rows = 0;
    for await (const batch of reader) {
      signal.throwIfAborted();
      batches.push(batch);
      rows += batch.numRows;
      if (rows > limit) break;
    }
    if (rows > limit) await connection.cancelSent();
    const table = new Table(reader.schema, batches);
    const elapsedMs = performance.now() - started;
    return { table: rows > limit ? table.slice(0, limit) : table, truncated: rows > limit, elapsedMs };
  } catch (error) {
    // What a stopped statement throws is only the engine's word for having been stopped.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    await connection.close();
  }
}

/** The columns of what the statement gives; none when it cannot be described: running it then says why. */
async function describe(connection: EngineConnection, sql: string): Promise<DescribedColumn[]> {
  try {
    const rows = (await connection.query(`DESCRIBE ${sql}`)).toArray();
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  } catch {
    return [];
  }
}
