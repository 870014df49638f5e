import type { DuckDBConnection } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { isFatal } from "../gate/errors.ts";
import { quoteName, quoteText } from "./engine.ts";
import type { WriterItem } from "./protocol.ts";

const RESERVED = new Set(["model", "system", "temp", "main", "pg_catalog", "information_schema"]);

/**
 * Attaches, read-only, the files an intent reads. Users' SQL never attaches anything itself. Returns the catalogs for
 * {@link detachFiles}. Throws `invalid_arguments` for a reserved name.
 */
export async function attachFiles(connection: DuckDBConnection, item: WriterItem): Promise<string[]> {
  const files = Object.entries(item.reads).map(([name, { path }]) => ({ name, path }));
  for (const { name } of files) {
    if (RESERVED.has(name.toLowerCase())) {
      throw new TeatreeError("invalid_arguments", `reads cannot use the name ${name}.`, {
        details: { path: `args.reads.${name}` },
      });
    }
  }
  const attached: string[] = [];
  try {
    for (const { name, path } of files) {
      await connection.run(`ATTACH ${quoteText(path)} AS ${quoteName(name)} (READ_ONLY)`);
      attached.push(name);
    }
  } catch (error) {
    await detachFiles(connection, attached);
    if (isFatal(error)) throw error;
    // The manager staged the file: a file that does not open is its fault or the disk's, never the user's.
    throw new TeatreeError("internal", "A version that this intent reads could not be opened.", {
      cause: error,
    });
  }
  return attached;
}

export async function detachFiles(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
  for (const name of names) {
    // Nothing depends on it: a catalog that stays attached is replaced only when this process ends.
    await connection.run(`DETACH DATABASE IF EXISTS ${quoteName(name)}`).catch(() => undefined);
  }
}
