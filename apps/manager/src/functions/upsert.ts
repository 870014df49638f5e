import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { UpsertArgs } from "@teatree/shared/contracts/functions";
import { jsonValue } from "../values/json-values.ts";
import type { CatalogTable } from "../writer/catalog.ts";
import { liveTable, quoteName, rowsOf } from "../writer/engine.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { dataError } from "./data-errors.ts";
import { createTableFromFile, fileSource, stagedUpload } from "./file-source.ts";
import { withNewTables } from "./new-tables.ts";
import { badValue, createTableFor, rowsSource, type Source } from "./rows-source.ts";
import { findTable, requireColumn, requireTable } from "./table-lookup.ts";

const STAGE = 'temp.main."teatree rows"';

/**
 * Replaces rows with the same key and adds the others; needs no declared constraint. A column that a row leaves out keeps its value
 * where the row exists. Null keys and a key that stands twice in the request are refused.
 */
export async function upsert(context: FunctionContext, args: UpsertArgs): Promise<Effect> {
  const existing = findTable(context, args.table);
  const {
    context: ready,
    table,
    empty,
  } = existing ? { context, table: existing, empty: false } : await makeTable(context, args);
  const key = args.key.map((name) => requireColumn(table, name, "args.key").name);
  const source =
    args.uploadId === undefined
      ? await rowsSource(ready, table, args.rows ?? [], true)
      : await fileSource(ready, table, stagedUpload(ready, args.uploadId), {});
  const absent = key.find((name) => !source.columns.includes(name));
  if (absent !== undefined)
    throw badKey(`The key column "${absent}" is not among the columns given.`, absent);
  try {
    await ready.connection.run(
      `CREATE TEMP TABLE ${STAGE} AS SELECT row_number() OVER () AS "teatree row", * FROM (${source.sql})`,
      source.values,
    );
    await checkKeys(ready, key, source);
    if (empty) await ready.connection.run(`DELETE FROM ${liveTable(table.name)}`);
    const result = await ready.connection.run(mergeSql(table, key, source));
    ready.log("info", `${result.rowsChanged.toLocaleString("en")} rows merged into "${table.name}"`);
  } catch (error) {
    throw dataError(error);
  } finally {
    await ready.connection.run(`DROP TABLE IF EXISTS ${STAGE}`).catch(() => undefined);
  }
  return { written: [table.name], schemaChanged: !existing };
}

async function makeTable(context: FunctionContext, args: UpsertArgs) {
  if (args.uploadId === undefined) await createTableFor(context, args.table, args.rows ?? []);
  else await createTableFromFile(context, args.table, stagedUpload(context, args.uploadId), {});
  const made = await withNewTables(context);
  return { context: made, table: requireTable(made, args.table), empty: true };
}

async function checkKeys(context: FunctionContext, key: readonly string[], source: Source): Promise<void> {
  for (const name of key) {
    const flag = source.given.get(name);
    const missing = flag === undefined ? "" : ` OR NOT ${quoteName(flag)}`;
    const bad = await rowsOf(
      context.connection,
      `SELECT "teatree row" FROM ${STAGE} WHERE ${quoteName(name)} IS NULL${missing} ORDER BY 1 LIMIT 1`,
    );
    if (bad[0]) throw badValue(Number(bad[0][0]), name, "a key must not be null");
  }
  const columns = key.map(quoteName).join(", ");
  const twice = await context.connection.runAndReadAll(
    `SELECT max("teatree row"), ${columns} FROM ${STAGE} GROUP BY ${columns}
     HAVING system.main.count(*) > 1 ORDER BY 1 LIMIT 1`,
  );
  const [row, ...values] = twice.getRows()[0] ?? [];
  if (row === undefined) return;
  const shown = values
    .map((value, index) => JSON.stringify(jsonValue(value, twice.columnType(index + 1))))
    .join(", ");
  throw badValue(Number(row), key.join(", "), `the key ${shown} stands twice`);
}

function mergeSql(table: CatalogTable, key: readonly string[], source: Source): string {
  const on = key.map((name) => `t.${quoteName(name)} = s.${quoteName(name)}`).join(" AND ");
  const others = source.columns.filter((name) => !key.includes(name));
  const sets = others.map((name) => {
    const flag = source.given.get(name);
    const value = `s.${quoteName(name)}`;
    const kept =
      flag === undefined
        ? value
        : `CASE WHEN s.${quoteName(flag)} THEN ${value} ELSE t.${quoteName(name)} END`;
    return `${quoteName(name)} = ${kept}`;
  });
  const columns = source.columns.map(quoteName).join(", ");
  const values = source.columns.map((name) => `s.${quoteName(name)}`).join(", ");
  return `MERGE INTO ${liveTable(table.name)} AS t USING ${STAGE} AS s ON (${on})
    ${sets.length > 0 ? `WHEN MATCHED THEN UPDATE SET ${sets.join(", ")}` : ""}
    WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${values})`;
}

function badKey(message: string, field: string): TeatreeError {
  return new TeatreeError("invalid_data", message, { details: { field } });
}
