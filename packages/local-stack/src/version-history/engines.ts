import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createDuckDB, NODE_RUNTIME, VoidLogger } from "@duckdb/duckdb-wasm/blocking";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Rows as texts, so that engines with different number types can be compared. */
export type Rows = string[][];

/** Answers a statement from a file as somebody has it who only has DuckDB. */
export async function askNative(path: string, sql: string): Promise<Rows> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`ATTACH '${path}' AS model (READ_ONLY)`);
    await connection.run("USE model");
    return await rowsOf(connection, sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Rows> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJson().map((row) => row.map(String));
}

/** The engine of the page, in this process: the same WebAssembly, with files from memory. */
export async function startWasm() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"));
  const module = (name: string) => ({ mainModule: join(folder, name), mainWorker: "" });
  const bundles = { mvp: module("duckdb-mvp.wasm"), eh: module("duckdb-eh.wasm") };
  const engine = await createDuckDB(bundles, new VoidLogger(), NODE_RUNTIME);
  await engine.instantiate(() => undefined);
  const connection = engine.connect();
  let files = 0;
  return {
    ask(bytes: Uint8Array, sql: string): Rows {
      files += 1;
      const name = `version${files}.duckdb`;
      engine.registerFileBuffer(name, bytes);
      connection.query(`ATTACH '${name}' AS version${files} (READ_ONLY)`);
      connection.query(`USE version${files}`);
      try {
        return connection
          .query(sql)
          .toArray()
          .map((row) => Object.values(row.toJSON()).map(String));
      } finally {
        connection.query("USE memory");
        connection.query(`DETACH version${files}`);
        engine.dropFile(name);
      }
    },
    close: () => connection.close(),
  };
}
