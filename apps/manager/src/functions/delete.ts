import type { DeleteArgs } from "@teatree/shared/contracts/functions";
import { liveTable } from "../writer/engine.ts";
import { whereSql } from "./conditions.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { dataError } from "./data-errors.ts";
import { requireTable } from "./table-lookup.ts";

/** Removes the rows that meet every condition. No such row is no error. */
export async function deleteRows(context: FunctionContext, args: DeleteArgs): Promise<Effect> {
  const table = requireTable(context, args.table);
  const where = await whereSql(context, table, args.where);
  try {
    const result = await context.connection.run(`DELETE FROM ${liveTable(table.name)} WHERE ${where}`);
    context.log("info", `${result.rowsChanged.toLocaleString("en")} rows of "${table.name}" deleted`);
    return { written: result.rowsChanged > 0 ? [table.name] : [], schemaChanged: false };
  } catch (error) {
    throw dataError(error);
  }
}
