import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { RestoreArgs } from "@teatree/shared/contracts/functions";
import { RESTORE_CATALOG } from "../writer/attached-files.ts";
import { liveTable, quoteName, quoteText, rowsOf } from "../writer/engine.ts";
import { contentHashes } from "../writer/ledger.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { dropAll, runUntilDone } from "./dependent-statements.ts";
import { tableDefinitions } from "./table-definitions.ts";

const SHAPE_CATALOG = "teatree_shape";

/** Makes the user's tables, views, macros, sequences, types and indexes equal to those of a version; the ledger stays. */
export async function restore(context: FunctionContext, args: RestoreArgs): Promise<Effect> {
  const { connection, item } = context;
  if (item.restoreFrom === undefined) {
    throw new TeatreeError("version_not_found", `There is no version ${args.version}.`, {
      details: { version: args.version },
    });
  }
  const macros = await macroDefinitions(context, item.restoreFrom);
  await dropAll(connection);
  await runUntilDone(connection, await typeDefinitions(context));
  await runUntilDone(connection, await definitions(context, "duckdb_sequences"));
  const tables = await tableDefinitions(connection, RESTORE_CATALOG);
  await runUntilDone(
    connection,
    tables.map((table) => table.sql),
  );
  // Referenced tables hold their rows before those that refer to them.
  await runUntilDone(
    connection,
    tables.map(({ name, stored }) => {
      const columns = stored.map(quoteName).join(", ");
      return `INSERT INTO ${liveTable(name)} (${columns}) SELECT ${columns} FROM ${RESTORE_CATALOG}.main.${quoteName(name)}`;
    }),
    context.checkStopped,
  );
  await runUntilDone(connection, await definitions(context, "duckdb_indexes"));
  await runUntilDone(connection, [...macros, ...(await definitions(context, "duckdb_views"))]);
  await runUntilDone(connection, await comments(context));
  context.log("info", `${tables.length} tables restored from version ${args.version}`);
  return {
    written: [...context.tables.keys(), ...tables.map((table) => table.name)],
    contentHashes: await contentHashes(connection, RESTORE_CATALOG),
  };
}

async function definitions(context: FunctionContext, source: string): Promise<string[]> {
  const internal = source === "duckdb_views" ? " AND NOT internal" : "";
  const found = await rowsOf(
    context.connection,
    `SELECT sql FROM system.main.${source}()
     WHERE database_name = '${RESTORE_CATALOG}' AND schema_name = 'main'${internal} AND sql IS NOT NULL`,
  );
  return found.map(([sql]) => String(sql));
}

async function typeDefinitions(context: FunctionContext): Promise<string[]> {
  const found = await context.connection.runAndReadAll(
    `SELECT type_name, logical_type, labels FROM system.main.duckdb_types()
     WHERE database_name = '${RESTORE_CATALOG}' AND schema_name = 'main' AND NOT internal`,
  );
  return found.getRowsJson().map(([name, type, labels]) => {
    const body = Array.isArray(labels)
      ? `ENUM (${labels.map((label) => quoteText(String(label))).join(", ")})`
      : String(type);
    return `CREATE TYPE ${quoteName(String(name))} AS ${body}`;
  });
}

/**
 * Macros in full. The catalog lists them without the defaults of their parameters, but EXPORT writes them out; so a copy without
 * rows is exported into staging. Not in the intent's transaction, which may write to one database only.
 */
async function macroDefinitions(context: FunctionContext, snapshot: string): Promise<string[]> {
  const { probe } = context;
  const found = await rowsOf(
    probe,
    `SELECT 1 FROM system.main.duckdb_functions() WHERE database_name = '${RESTORE_CATALOG}' LIMIT 1`,
  );
  if (found.length === 0) return [];
  const folder = join(dirname(snapshot), `shape-${context.item.intentId}`);
  try {
    await probe.run(`ATTACH ':memory:' AS ${SHAPE_CATALOG}`);
    await probe.run(`COPY FROM DATABASE ${RESTORE_CATALOG} TO ${SHAPE_CATALOG} (SCHEMA)`);
    await probe.run(`EXPORT DATABASE ${SHAPE_CATALOG} TO ${quoteText(folder)}`);
    const text = await readFile(join(folder, "schema.sql"), "utf8");
    return text.split(/;+\n/).filter((statement) => statement.startsWith("CREATE MACRO"));
  } finally {
    await rm(folder, { recursive: true, force: true });
    await probe.run(`DETACH DATABASE IF EXISTS ${SHAPE_CATALOG}`).catch(() => undefined);
  }
}

async function comments(context: FunctionContext): Promise<string[]> {
  const found = await rowsOf(
    context.connection,
    `SELECT 'TABLE', table_name, NULL, comment FROM system.main.duckdb_tables()
       WHERE database_name = '${RESTORE_CATALOG}' AND schema_name = 'main' AND comment IS NOT NULL
     UNION ALL SELECT 'VIEW', view_name, NULL, comment FROM system.main.duckdb_views()
       WHERE database_name = '${RESTORE_CATALOG}' AND schema_name = 'main' AND comment IS NOT NULL
     UNION ALL SELECT 'COLUMN', table_name, column_name, comment FROM system.main.duckdb_columns()
       WHERE database_name = '${RESTORE_CATALOG}' AND schema_name = 'main' AND comment IS NOT NULL`,
  );
  return found.map(([kind, table, column, comment]) => {
    const part = column === null ? "" : `.${quoteName(String(column))}`;
    return `COMMENT ON ${String(kind)} ${quoteName(String(table))}${part} IS ${quoteText(String(comment))}`;
  });
}
