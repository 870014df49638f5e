import { TeatreeError } from "@teatree/shared/contracts/errors";
import { append } from "./append.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { deleteRows } from "./delete.ts";
import { importFile } from "./import.ts";
import { polars } from "./polars.ts";
import { sql } from "./sql.ts";
import { update } from "./update.ts";
import { upsert } from "./upsert.ts";

/** Runs the function an intent names, within the open transaction. */
export async function runFunction(context: FunctionContext): Promise<Effect> {
  const { call } = context.item;
  switch (call.function) {
    case "append":
      return await append(context, call.args);
    case "upsert":
      return await upsert(context, call.args);
    case "update":
      return await update(context, call.args);
    case "delete":
      return await deleteRows(context, call.args);
    case "import":
      return await importFile(context, call.args);
    case "sql":
      return await sql(context, call.args);
    case "polars":
      return await polars(context, call.args);
    case "restore":
    case "fork":
    case "compact":
      // They are about whole files: the manager runs them.
      throw new TeatreeError("internal", `The writer does not run ${call.function}.`);
  }
}
