import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ImportArgs } from "@teatree/shared/contracts/functions";
import { insert } from "./append.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { createTableFromFile, fileSource, stagedUpload } from "./file-source.ts";
import { findTable, requireTable } from "./table-lookup.ts";

/** Brings an uploaded file into a table. No row of it passes through JavaScript. */
export async function importFile(context: FunctionContext, args: ImportArgs): Promise<Effect> {
  const upload = stagedUpload(context, args.uploadId);
  const options = args.options ?? {};
  if (args.mode === "append") {
    const table = requireTable(context, args.table);
    if (options.columns) {
      throw new TeatreeError("invalid_arguments", "The table's own types hold when a file is appended.", {
        details: { path: "args.options.columns" },
      });
    }
    const added = await insert(context, table.name, await fileSource(context, table, upload, options));
    return { written: [table.name], rowsAdded: { table: table.name, rows: added }, schemaChanged: false };
  }
  const existing = findTable(context, args.table);
  if (existing && args.mode === "create") {
    throw new TeatreeError(
      "invalid_arguments",
      `There is a table "${existing.name}" already. Use the mode append or replace, or another name.`,
      { details: { path: "args.mode", table: existing.name } },
    );
  }
  await createTableFromFile(context, existing?.name ?? args.table, upload, options, args.mode === "replace");
  return { written: [existing?.name ?? args.table] };
}
