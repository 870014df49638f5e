import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableChange } from "@teatree/shared/contracts/jobs";
import { type CatalogTable, catalogTables, rowCount, sha256 } from "./catalog.ts";
import { copyDatabase } from "./continue-ledger.ts";
import { quoteText, WholeNumber } from "./engine.ts";
import { contentHashes, createLedger, ledgerHead, type WrittenTables } from "./ledger.ts";
import {
  BLOCK_SIZE,
  type LiveFile,
  type OpenSettings,
  openLiveFile,
  STORAGE_VERSION,
} from "./open-live-file.ts";
import type { CheckpointedState, TableState, VersionInfo } from "./protocol.ts";

/** The open live file and what is known of its committed state, so that a small append need not ask for it again. */
export type LiveModel = {
  connection: DuckDBConnection;
  probe: DuckDBConnection;
  head: () => number;
  tables: () => Promise<ReadonlyMap<string, CatalogTable>>;
  rowsBefore: (table: string) => Promise<number>;
  /** Takes over what a committed intent changed. */
  committed: (
    tables: ReadonlyMap<string, CatalogTable>,
    changes: readonly TableChange[],
    written: WrittenTables,
    sequence: number,
  ) => void;
  recorded: (sequence: number) => void;
  state: () => Promise<TableState[]>;
  checkpoint: (info: VersionInfo) => Promise<CheckpointedState>;
  close: () => void;
};

/** Opens the live file, makes the ledger in a new one and reads what it holds. */
export async function openLiveModel(settings: OpenSettings): Promise<LiveModel> {
  const file = await openLiveFile(settings);
  const { connection } = file;
  if (settings.copyFrom !== undefined) await copyDatabase(connection, settings.copyFrom);
  await createLedger(connection);
  let head = await ledgerHead(connection);
  let tables: ReadonlyMap<string, CatalogTable> = await catalogTables(connection);
  const hashes = await contentHashes(connection);
  const rows = new Map<string, number>();
  for (const name of tables.keys()) rows.set(name, await rowCount(connection, name));

  const state = async (): Promise<TableState[]> =>
    [...tables.values()].map(({ name, columns, schemaHash }) => ({
      name,
      rows: rows.get(name) ?? 0,
      columns: columns.map(({ name: column, type, nullable }) => ({ name: column, type, nullable })),
      schemaHash,
      contentHash: hashes.get(name) ?? sha256(`unwritten\n${name}\n${schemaHash}`),
    }));

  return {
    connection,
    probe: file.probe,
    head: () => head,
    tables: async () => tables,
    rowsBefore: async (table) => rows.get(table) ?? 0,
    committed: (newTables, changes, written, sequence) => {
      tables = newTables;
      head = Math.max(head, sequence);
      for (const { table, rowsAfter } of changes) {
        if (rowsAfter === null) rows.delete(table);
        else rows.set(table, rowsAfter);
      }
      for (const [table, hash] of Object.entries(written)) {
        if (hash === null) hashes.delete(table);
        else hashes.set(table, hash);
      }
    },
    recorded: (sequence) => {
      head = Math.max(head, sequence);
    },
    state,
    checkpoint: async (info) => {
      await writeVersionInfo(connection, info);
      await connection.run("CHECKPOINT model");
      return {
        ledgerHead: head,
        tables: await state(),
        storageVersion: STORAGE_VERSION,
        engineVersion: file.engineVersion,
        blockSize: BLOCK_SIZE,
      };
    },
    close: () => closeFile(file),
  };
}

/** The one row that says which version the file is; each version's row takes the place of its parent's. */
async function writeVersionInfo(connection: DuckDBConnection, info: VersionInfo): Promise<void> {
  const version = WholeNumber.parse(info.version);
  const intents = info.intents.map((id) => `${quoteText(id)}::UUID`).join(", ");
  await connection.run("BEGIN TRANSACTION");
  try {
    await connection.run(`DELETE FROM model._teatree.version_info`);
    await connection.run(
      `INSERT INTO model._teatree.version_info
       VALUES ($1::UUID, ${version}, $2::INTEGER, $3::TIMESTAMP, $4, [${intents}]::UUID[])`,
      [
        info.model,
        info.parent === null ? null : String(info.parent),
        info.createdAt.replace("T", " ").replace("Z", ""),
        info.parentHash,
      ],
    );
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function closeFile(file: LiveFile): void {
  file.probe.closeSync();
  file.connection.closeSync();
  file.instance.closeSync();
}
