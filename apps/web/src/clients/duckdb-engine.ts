import type { AsyncDuckDB, AsyncDuckDBConnection } from "@duckdb/duckdb-wasm";

export type Engine = AsyncDuckDB;
export type EngineConnection = AsyncDuckDBConnection;

/**
 * Starts DuckDB in a worker of this page. Both files come from this server. The `eh` build is the one to use: `coi`
 * breaks file handles of the browser, `mvp` loses error texts.
 */
export async function startEngine(): Promise<Engine> {
  const duckdb = await import("@duckdb/duckdb-wasm");
  const worker = new Worker(
    new URL("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js", import.meta.url).href,
  );
  const engine = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  try {
    await engine.instantiate(new URL("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm", import.meta.url).href);
    await engine.open({ query: { castBigIntToDouble: false, castDecimalToDouble: false } });
  } catch (error) {
    worker.terminate();
    throw error;
  }
  const connection = await engine.connect();
  // Extensions would come from another host; without this a missing one is asked for instead of named in an error.
  await connection.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
  await connection.close();
  return engine;
}

/** Gives the engine a file of the browser, read in place: several tabs can have it open at once. */
export async function giveFile(engine: Engine, name: string, file: File): Promise<void> {
  const { DuckDBDataProtocol } = await import("@duckdb/duckdb-wasm");
  await engine.registerFileHandle(name, file, DuckDBDataProtocol.BROWSER_FILEREADER, true);
}
