import { readdir, readFile } from "node:fs/promises";
import pg from "pg";

const folder = new URL("./migrations/", import.meta.url);

// Any number, the same in every process: whoever comes second waits.
const MIGRATION_LOCK = 7_305_118_442;

async function numberedMigrations() {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return names.map((name) => ({ number: Number(name.slice(0, 4)), name }));
}

/**
 * Brings the control database up to this code's schema; each numbered file runs once, in its own transaction.
 * Safe when several processes call it at once. Throws when the database was migrated by newer code.
 */
export async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: "teatree-migrate" });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query(
      "CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const migrations = await numberedMigrations();
    const newest = migrations.at(-1)?.number ?? 0;
    const { rows } = await client.query<{ number: number; name: string }>(
      "SELECT number, name FROM migration",
    );
    const foreign = rows.find((row) => row.number > newest);
    if (foreign) {
      throw new Error(
        `The control database has migration ${foreign.name}, which this release does not know. Start the newer release, or restore a backup.`,
      );
    }
    const done = new Set(rows.map((row) => row.number));
    const applied: string[] = [];
    for (const { number, name } of migrations.filter((migration) => !done.has(migration.number))) {
      await client.query("BEGIN");
      await client.query(await readFile(new URL(name, folder), "utf8"));
      await client.query("INSERT INTO migration (number, name) VALUES ($1, $2)", [number, name]);
      await client.query("COMMIT");
      applied.push(name);
    }
    return { applied };
  } finally {
    await client.end();
  }
}
