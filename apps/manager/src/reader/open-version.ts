import type { DuckDBConnection } from "@duckdb/node-api";
import type { LockedInstance } from "./locked-instance.ts";

const SPARE_CONNECTIONS = 16;
const CHECKED_STATEMENTS = 1_000;

/** A connection to one open version, for one query at a time. */
export type Lease = {
  readonly connection: DuckDBConnection;
  /** Statements that passed the gate on this version: it never changes, so neither does the verdict. */
  readonly checked: CheckedStatements;
  /** `reusable` is false when a result may still be open on the connection. */
  release(reusable: boolean): void;
  /** The engine refuses further work after an internal error of its own: the next lease opens the version anew. */
  invalidate(): void;
  /** The file is damaged: the version is closed, and the file is made again. */
  renew(): Promise<void>;
};

export type CheckedStatements = { has(sql: string): boolean; add(sql: string): void };

/** One open version with its connections. */
export type OpenVersion = {
  readonly leases: number;
  /** Milliseconds of a monotonic clock when the last lease ended. */
  readonly idleSince: number;
  lease(): Promise<Lease>;
  /** Closes it now, or when its last lease ends. */
  close(): Promise<void>;
};

export function openVersion(
  opening: Promise<LockedInstance>,
  { forget, renew }: { forget: () => void; renew: () => Promise<void> },
): OpenVersion {
  const spare: DuckDBConnection[] = [];
  const checked = checkedStatements();
  let closing = false;
  let leases = 0;
  let idleSince = performance.now();

  function giveBack(connection: DuckDBConnection | undefined, reusable: boolean): void {
    leases -= 1;
    idleSince = performance.now();
    if (closing) void shut();
    if (connection === undefined) return;
    if (reusable && !closing && spare.length < SPARE_CONNECTIONS) spare.push(connection);
    else connection.closeSync();
  }

  async function shut(): Promise<void> {
    if (leases > 0) return;
    for (const connection of spare.splice(0)) connection.closeSync();
    const instance = await opening.catch(() => undefined);
    instance?.close();
  }

  return {
    get leases() {
      return leases;
    },
    get idleSince() {
      return idleSince;
    },
    async lease() {
      leases += 1;
      try {
        const connection = spare.pop() ?? (await (await opening).connect());
        return {
          connection,
          checked,
          release: (reusable) => giveBack(connection, reusable),
          invalidate: forget,
          renew,
        };
      } catch (error) {
        giveBack(undefined, false);
        throw error;
      }
    },
    async close() {
      closing = true;
      await shut();
    },
  };
}

function checkedStatements(): CheckedStatements {
  const known = new Set<string>();
  return {
    has: (sql) => known.has(sql),
    add(sql) {
      const [oldest] = known;
      if (known.size >= CHECKED_STATEMENTS && oldest !== undefined) known.delete(oldest);
      known.add(sql);
    },
  };
}
