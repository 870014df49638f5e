import { catalogTables } from "../writer/catalog.ts";
import type { FunctionContext } from "./context.ts";

/** The context with the tables as they are now, after a function made one. */
export async function withNewTables(context: FunctionContext): Promise<FunctionContext> {
  return { ...context, tables: await catalogTables(context.connection) };
}
