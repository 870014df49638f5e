import type { AppendArgs } from "@teatree/shared/contracts/functions";
import { liveTable, quoteName } from "../writer/engine.ts";
import { runPrepared } from "../writer/prepared.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { dataError } from "./data-errors.ts";
import { createTableFromFile, fileSource, stagedUpload } from "./file-source.ts";
import { withNewTables } from "./new-tables.ts";
import { createTableFor, rowsSource, type Source } from "./rows-source.ts";
import { findTable, requireTable } from "./table-lookup.ts";

/** Adds rows at the end of a table; makes the table from the rows when there is none. */
export async function append(context: FunctionContext, args: AppendArgs): Promise<Effect> {
  const existing = findTable(context, args.table);
  if (args.uploadId !== undefined) {
    const upload = stagedUpload(context, args.uploadId);
    if (!existing) {
      await createTableFromFile(context, args.table, upload, {});
      return { written: [args.table] };
    }
    const added = await insert(context, existing.name, await fileSource(context, existing, upload, {}));
    return {
      written: [existing.name],
      rowsAdded: { table: existing.name, rows: added },
      schemaChanged: false,
    };
  }
  const rows = args.rows ?? [];
  if (existing) {
    const added = await insert(context, existing.name, await rowsSource(context, existing, rows));
    const rowsAdded = { table: existing.name, rows: added };
    return { written: [existing.name], rowsAdded, schemaChanged: false };
  }
  await createTableFor(context, args.table, rows);
  const made = await withNewTables(context);
  const table = requireTable(made, args.table);
  await insert(made, table.name, await rowsSource(made, table, rows));
  return { written: [table.name] };
}

/** Adds what a source yields and says how many rows it was. Throws `invalid_data` when a constraint or a type refuses it. */
export async function insert(context: FunctionContext, table: string, source: Source): Promise<number> {
  const columns = source.columns.map(quoteName).join(", ");
  try {
    const result = await runPrepared(
      context.connection,
      `INSERT INTO ${liveTable(table)} (${columns}) ${source.sql}`,
      source.values,
    );
    context.log("info", `${result.rowsChanged.toLocaleString("en")} rows into "${table}"`);
    return result.rowsChanged;
  } catch (error) {
    throw dataError(error);
  }
}
