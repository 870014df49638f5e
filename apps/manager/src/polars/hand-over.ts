import { copyFile, lstat, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { linkOrCopy } from "../files/link-or-copy.ts";
import type { RunFolders } from "./launch.ts";
import { type PolarsRequest, PolarsTable } from "./protocol.ts";

/**
 * The request as the child gets it: tables are linked into its folder under numbers, so that it sees the files of this run and no
 * others, and no names of ours.
 */
export async function handOver(request: PolarsRequest, folders: RunFolders): Promise<PolarsRequest> {
  let files = 0;
  const linked = async (table: PolarsTable): Promise<PolarsTable> => {
    files += 1;
    const path = join(folders.tables, `${files}.parquet`);
    await linkOrCopy(table.path, path);
    return { ...table, path };
  };
  const tables: [string, PolarsRequest["tables"][string]][] = [];
  for (const [name, given] of Object.entries(request.tables)) {
    const table = PolarsTable.safeParse(given);
    if (table.success) tables.push([name, await linked(table.data)]);
    else tables.push([name, await eachTable(given, linked)]);
  }
  return { ...request, tables: Object.fromEntries(tables), out: join(folders.result, "result.parquet") };
}

async function eachTable(
  given: PolarsRequest["tables"][string],
  linked: (table: PolarsTable) => Promise<PolarsTable>,
): Promise<Record<string, PolarsTable>> {
  const tables: [string, PolarsTable][] = [];
  for (const [name, table] of Object.entries(given)) {
    tables.push([name, await linked(PolarsTable.parse(table))]);
  }
  return Object.fromEntries(tables);
}

/** Takes the result out of the child's folder. It must be a file of its own: a link would make us read what the child could not. */
export async function takeResult(from: string, to: string): Promise<void> {
  const file = await lstat(from);
  if (!file.isFile() || file.nlink !== 1)
    throw new TeatreeError("internal", "The result is not a file of its own.");
  try {
    await rename(from, to);
  } catch (error) {
    if (!isOtherDevice(error)) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

/** Renames end at a file system's border, and some systems refuse them for others' files. */
function isOtherDevice(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EXDEV" || error.code === "EPERM");
}
