import type { DuckDBConnection } from "@duckdb/node-api";
import type { JobResult } from "@teatree/shared/contracts/jobs";
import type { CatalogTable } from "../writer/catalog.ts";
import type { WriterItem } from "../writer/protocol.ts";

/** What a function works with. A transaction is open; whoever called commits it, or rolls it back when the function throws. */
export type FunctionContext = {
  connection: DuckDBConnection;
  /** Outside the transaction: what fails here does not abort it. It sees the state before the intent. */
  probe: DuckDBConnection;
  item: WriterItem;
  /** The user's tables before the function began. */
  tables: ReadonlyMap<string, CatalogTable>;
  log: (level: "info" | "warn" | "error" | "sql", line: string) => void;
  /** Throws when the intent was cancelled or its time is over: call it between two statements. */
  checkStopped: () => void;
};

/** What a function did. */
export type Effect = {
  /** Tables whose rows or columns it wrote; the catalog decides which of them are new or gone. */
  written: Iterable<string>;
  /** Tables of the model that the written ones were computed from. */
  derivedFrom?: Iterable<string>;
  result?: JobResult;
  /** Rows that were only added to one table: then they need not be counted again. */
  rowsAdded?: { table: string; rows: number };
  /** Hashes of contents that are known to equal an earlier state. */
  contentHashes?: ReadonlyMap<string, string>;
  /** True when views, macros, types or columns may have changed. */
  schemaChanged?: boolean;
};
