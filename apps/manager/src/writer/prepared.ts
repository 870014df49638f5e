import type {
  DuckDBConnection,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBValue,
} from "@duckdb/node-api";

const KEEP = 64;
const caches = new WeakMap<DuckDBConnection, Map<string, DuckDBPreparedStatement>>();

/**
 * Runs a statement of our own, prepared once per connection: planning costs more than a small append itself. The engine plans again by
 * itself when the catalog has changed. Values are bound in order.
 */
export async function runPrepared(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckDBValue[] = [],
): Promise<DuckDBMaterializedResult> {
  const cache = caches.get(connection) ?? new Map<string, DuckDBPreparedStatement>();
  caches.set(connection, cache);
  let prepared = cache.get(sql);
  if (prepared) cache.delete(sql);
  else prepared = await connection.prepare(sql);
  // Last used is last in the map; the first is the one to go.
  cache.set(sql, prepared);
  if (cache.size > KEEP) {
    for (const [oldest, statement] of cache) {
      cache.delete(oldest);
      statement.destroySync();
      break;
    }
  }
  if (values.length > 0) prepared.bind([...values]);
  return await prepared.run();
}
