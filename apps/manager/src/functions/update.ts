import type { UpdateArgs } from "@teatree/shared/contracts/functions";
import { liveTable } from "../writer/engine.ts";
import { assignmentsSql, whereSql } from "./conditions.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { dataError } from "./data-errors.ts";
import { requireTable } from "./table-lookup.ts";

/** Sets columns of the rows that meet every condition. No such row is no error. */
export async function update(context: FunctionContext, args: UpdateArgs): Promise<Effect> {
  const table = requireTable(context, args.table);
  const set = await assignmentsSql(context, table, args.set);
  const where = await whereSql(context, table, args.where);
  try {
    const result = await context.connection.run(`UPDATE ${liveTable(table.name)} SET ${set} WHERE ${where}`);
    context.log("info", `${result.rowsChanged.toLocaleString("en")} rows of "${table.name}" changed`);
    return { written: result.rowsChanged > 0 ? [table.name] : [], schemaChanged: false };
  } catch (error) {
    throw dataError(error);
  }
}
