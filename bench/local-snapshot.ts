import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { System } from "./system.ts";

export type LocalSnapshot = AsyncDisposable & { connection: DuckDBConnection };

/** Downloads the current version as a user would and opens it here: the floor of every read. */
export async function openLocalSnapshot(system: System, model: string): Promise<LocalSnapshot> {
  const file = join(system.home, `${model}-downloaded.duckdb`);
  const download = await fetch(system.api.snapshotUrl(model, "latest"), {
    headers: { authorization: `Bearer ${system.token}` },
  });
  if (!download.ok) throw new Error(`the snapshot of ${model} answered ${download.status}`);
  await writeFile(file, Buffer.from(await download.arrayBuffer()));
  return opened(file, { access_mode: "READ_ONLY" });
}

/** A database file as the manager would make it, for floors that write. */
export async function openNativeDatabase(path: string): Promise<LocalSnapshot> {
  return opened(path, { storage_compatibility_version: "v1.4.0", default_block_size: "65536" });
}

async function opened(path: string, options: Record<string, string>): Promise<LocalSnapshot> {
  const instance = await DuckDBInstance.create(path, options);
  const connection = await instance.connect();
  return {
    connection,
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
