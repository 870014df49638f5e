import type { SubmitIntent } from "@teatree/shared/contracts/intents";
import type { z } from "zod";

type Intent = z.input<typeof SubmitIntent>;

/** One intent, and the SQL that does the same to a database without a history. */
export type Step = { intent: Intent; sql: string } | { intent: Intent; restores: number };

const FIRST =
  "CREATE TABLE facts AS SELECT range AS n, hash(range) >> 40 AS h, 'row ' || range AS t FROM range(12000)";

/** The intent that makes version `version` of a history; every kind of change a model can have. */
export function stepOf(version: number, random: () => number): Step {
  const some = Math.floor(random() * 1_000);
  const kind = Math.floor(random() * 8);
  if (version === 1) return ofSql(FIRST);
  if (version % 50 === 0) {
    const restores = 1 + Math.floor(random() * (version - 2));
    return { intent: { function: "restore", args: { version: restores } }, restores };
  }
  if (kind <= 1) return appended(version, some);
  if (kind === 2) return ofSql(`UPDATE facts SET h = h + ${some} WHERE hash(n) % 97 = ${some % 97}`);
  if (kind === 3) return ofSql(`DELETE FROM facts WHERE hash(n) % 211 = ${some % 211}`);
  if (kind === 4 && some % 3 === 0)
    return ofSql(`ALTER TABLE facts ADD COLUMN added_${version} INTEGER DEFAULT ${some}`);
  if (kind === 4)
    return ofSql(`CREATE TABLE side_${version} AS SELECT n, t FROM facts WHERE n % 7 = ${some % 7}`);
  if (kind === 5 && some % 4 === 0)
    return ofSql("CREATE OR REPLACE TABLE facts AS SELECT n, h, t FROM facts");
  if (kind === 5)
    return ofSql(`UPDATE facts SET t = 'changed ${version}' WHERE n BETWEEN ${some} AND ${some + 50}`);
  if (kind === 6)
    return ofSql(
      `INSERT INTO facts (n, h, t) SELECT n + 100000, h, t FROM facts WHERE n % 101 = ${some % 101}`,
    );
  return ofSql(`DROP TABLE IF EXISTS side_${version - 1 - (some % 20)}`);
}

function ofSql(sql: string): Step {
  return { intent: { function: "sql", args: { sql } }, sql };
}

function appended(version: number, some: number): Step {
  const rows = Array.from({ length: 20 }, (_, index) => ({
    n: version * 1_000_000 + index,
    h: some,
    t: `appended ${index}`,
  }));
  const values = rows.map(({ n, h, t }) => `(${n}, ${h}, '${t}')`).join(", ");
  return {
    intent: { function: "append", args: { table: "facts", rows } },
    sql: `INSERT INTO facts (n, h, t) VALUES ${values}`,
  };
}

/** One row per table of a version: its name, its columns and all its rows, as one hash that every engine computes alike. */
export function fingerprintSql(tables: readonly string[]): string {
  if (tables.length === 0) return "SELECT 'nothing' AS name, 0::BIGINT AS rows, '' AS print";
  return tables
    .map(
      (table) =>
        `SELECT '${table}' AS name, count(*) AS rows, md5(string_agg(r, '|' ORDER BY r)) AS print
         FROM (SELECT CAST(x AS VARCHAR) AS r FROM "${table}" x)`,
    )
    .join(" UNION ALL ");
}
