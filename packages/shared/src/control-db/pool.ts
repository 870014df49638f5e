import pg from "pg";

/** Whatever a query can run on: a pool, or the one connection of a transaction. */
export type Db = Pick<pg.Pool, "query">;
export type Pool = pg.Pool;

// PostgreSQL's bigint and count() arrive as text by default; every one of ours fits a double.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool that gives up on an unreachable server after 5 s. The caller ends it. */
export function openPool(url: string, options: { applicationName: string; max?: number }): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `teatree-${options.applicationName}`,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types,
  });
  // A connection that the server cuts is replaced at the next query; unheard, either event ends the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Runs `work` in one transaction on one connection: commits its value, rolls back on any throw. */
export async function inTransaction<T>(pool: Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const value = await work(client);
    await client.query("COMMIT");
    return value;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** SQLSTATE of a PostgreSQL error, undefined for any other. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

export const UNIQUE_VIOLATION = "23505";
