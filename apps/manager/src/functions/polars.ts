import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { PolarsArgs } from "@teatree/shared/contracts/functions";
import type { JobResult } from "@teatree/shared/contracts/jobs";
import { firstPage, PAGE_ROWS } from "../values/first-page.ts";
import { liveTable, quoteName, quoteText } from "../writer/engine.ts";
import type { ComputedRows } from "../writer/protocol.ts";
import { insert } from "./append.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { dataError } from "./data-errors.ts";
import { fileSource } from "./file-source.ts";
import { findTable } from "./table-lookup.ts";

/** As the result is called where it is refused. */
const FILENAME = "the result";

/** Loads what the transform gave; the runner computed it before the transaction began. */
export async function polars(context: FunctionContext, args: PolarsArgs): Promise<Effect> {
  const { computed } = context.item;
  if (!computed) throw new TeatreeError("internal", "The result of the transform is not staged.");
  const rows = await typedRows(context, computed);
  const result = await shown(context, rows);
  const { derivedFrom } = computed;
  if (args.into === undefined) return { written: [], result };
  const existing = findTable(context, args.into);
  const table = existing?.name ?? args.into;
  if (existing && args.mode === "append") {
    const upload = { path: computed.path, format: "parquet", filename: FILENAME } as const;
    const added = await insert(context, table, await fileSource(context, existing, upload, {}));
    return { written: [table], derivedFrom, result, rowsAdded: { table, rows: added }, schemaChanged: false };
  }
  try {
    await context.connection.run(`CREATE OR REPLACE TABLE ${liveTable(table)} AS ${rows}`);
  } catch (error) {
    throw dataError(error, FILENAME);
  }
  context.log("info", `table "${table}" made of the result`);
  return { written: [table], derivedFrom: derivedFrom.filter((name) => name !== table), result };
}

/** The staged file as a query, its columns with the types that the model has for them where they still are of that kind. */
async function typedRows(context: FunctionContext, { path, origins }: ComputedRows): Promise<string> {
  const file = `read_parquet(${quoteText(path)})`;
  const shape = await context.connection.run(`SELECT * FROM ${file} LIMIT 0`);
  const types = shape.columnTypes();
  const columns = shape.columnNames().map((name, index) => {
    const found = String(types[index]);
    const origin = origins.find((one) => one.name === name && one.returned === found);
    return origin && origin.type !== found
      ? `${castBack(name, origin.type)} AS ${quoteName(name)}`
      : quoteName(name);
  });
  return `SELECT ${columns.join(", ")} FROM ${file}`;
}

/** Maps are lists of their entries to Polars. */
function castBack(name: string, type: string): string {
  const value = type.startsWith("MAP(")
    ? `system.main.map_from_entries(${quoteName(name)})`
    : quoteName(name);
  return `CAST(${value} AS ${type})`;
}

/** One row more than a page has tells that there are more. */
async function shown(context: FunctionContext, rows: string): Promise<JobResult> {
  try {
    return await firstPage(await context.connection.stream(`${rows} LIMIT ${PAGE_ROWS + 1}`));
  } catch (error) {
    throw dataError(error, FILENAME);
  }
}
