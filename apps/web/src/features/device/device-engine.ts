import { type Engine, type EngineConnection, giveFile, startEngine } from "../../clients/duckdb-engine.ts";
import { fileName, type SnapshotOfVersion, snapshotFile } from "./snapshot-store.ts";

/** What goes on before a statement on this device can run; bytes are of the snapshot. */
export type DeviceProgress =
  | { step: "engine" }
  | { step: "download"; receivedBytes: number; totalBytes: number }
  | { step: "open" }
  | { step: "run" };

type Watch = (progress: DeviceProgress) => void;

let engine: Promise<Engine> | null = null;
/** One per file and page, so that two cells that start together download once. */
const opened = new Map<string, Promise<void>>();

/** The engine of this page, started at the first use and again when that failed. */
function theEngine(): Promise<Engine> {
  engine ??= startEngine().catch((error: unknown) => {
    engine = null;
    throw error;
  });
  return engine;
}

/**
 * A connection to one version, with its tables under their own names. The caller closes it.
 * @throws TeatreeError when the download fails; an abort throws the signal's reason
 */
export async function connectToSnapshot(
  snapshot: SnapshotOfVersion,
  { signal, onProgress }: { signal: AbortSignal; onProgress: Watch },
): Promise<EngineConnection> {
  const name = fileName(snapshot);
  onProgress({ step: "engine" });
  const running = theEngine();
  // A rejection is reported by the await below; without this the download's own failure would leave it unhandled.
  running.catch(() => undefined);
  const opening = opened.get(name) ?? open(snapshot, name, running, signal, onProgress);
  opened.set(name, opening);
  try {
    await opening;
  } catch (error) {
    opened.delete(name);
    throw error;
  }
  signal.throwIfAborted();
  const connection = await (await running).connect();
  await connection.query(`USE ${quoted(name)}`);
  return connection;
}

async function open(
  snapshot: SnapshotOfVersion,
  name: string,
  running: Promise<Engine>,
  signal: AbortSignal,
  onProgress: Watch,
): Promise<void> {
  const file = await snapshotFile(snapshot, {
    signal,
    onProgress: (transfer) => onProgress({ step: "download", ...transfer }),
  });
  onProgress({ step: "engine" });
  const duckdb = await running;
  onProgress({ step: "open" });
  await giveFile(duckdb, name, file);
  const connection = await duckdb.connect();
  try {
    await connection.query(`ATTACH IF NOT EXISTS '${name}' AS ${quoted(name)} (READ_ONLY)`);
  } finally {
    await connection.close();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
