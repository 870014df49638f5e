import type { DuckDBConnection } from "@duckdb/node-api";
import type { ComparedKey } from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { comparable, type Pass, passFilter } from "./difference-sql.ts";
import { type CommonColumn, commonColumns, quoted, rowsOf, type Side, tableOf } from "./side.ts";

const MOST_CANDIDATES = 12;
const WHOLE = /^U?(TINY|SMALL|BIG)INT$|^U?INTEGER$/;
const GOOD_FOR_KEYS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|VARCHAR|UUID|DATE|TIMESTAMP\w*|BLOB)/;
/** Up to here a bit per possible value is cheaper than a table of all values. */
const MOST_BITS = 400_000_000;
/** The engine's estimate of distinct values is off by a tenth at times. */
const PLAUSIBLE = 0.7;

export type Key = { how: ComparedKey["how"]; columns: CommonColumn[] };
export type Wanted = string[] | "*" | null;
type Steps = { passes: number; check: () => void };

/** Columns that may be the key by their name, likeliest first. */
export function keyCandidates(columns: CommonColumn[], table: string): CommonColumn[] {
  const own = table.toLowerCase().replace(/s$/, "");
  const rank = ({ name }: CommonColumn) => {
    const lower = name.toLowerCase();
    if (lower === "id") return 0;
    if (lower === `${own}_id` || lower === `${own}id`) return 1;
    if (lower === "key" || lower === "code" || lower === "uuid") return 2;
    return /(_id|_key|_code|_uuid)$/.test(lower) || /[a-z]Id$/.test(name) ? 3 : 4;
  };
  return columns
    .filter(({ before, after }) => before === after && GOOD_FOR_KEYS.test(after) && !/\]$/.test(after))
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST_CANDIDATES);
}

/** A key that both sides declare and whose columns are never null; null when there is none. */
export function declaredKey(before: Side, after: Side, columns: CommonColumn[]): CommonColumn[] | null {
  const text = (names: string[]) => JSON.stringify(names.toSorted());
  const known = new Set(before.keys.map(text));
  const isSure = (side: Side, names: string[]) =>
    names.every((name) => side.columns.some((column) => column.name === name && !column.nullable));
  for (const names of after.keys) {
    const found = names.flatMap((name) => columns.filter((column) => column.name === name));
    // A cast to text tells apart what the types tell apart, so a changed type does no harm.
    if (
      found.length === names.length &&
      known.has(text(names)) &&
      isSure(before, names) &&
      isSure(after, names)
    )
      return found;
  }
  return null;
}

/** Throws `invalid_arguments` for a wanted key with unknown columns or one that is not unique in both versions. */
export async function chooseKey(
  connection: DuckDBConnection,
  before: Side,
  after: Side,
  wanted: Wanted,
  steps: Steps,
): Promise<Key> {
  const common = commonColumns(before, after);
  if (wanted === "*") return { how: "row", columns: common };
  if (wanted !== null) return givenKey(connection, before, after, common, wanted, steps);
  const declared = declaredKey(before, after, common);
  if (declared) return { how: "declared", columns: declared };
  for (const candidate of keyCandidates(common, after.table)) {
    if (!(await isUnique(connection, after, candidate, steps))) continue;
    if (await isUnique(connection, before, candidate, steps)) return { how: "guessed", columns: [candidate] };
  }
  return { how: "row", columns: common };
}

async function givenKey(
  connection: DuckDBConnection,
  before: Side,
  after: Side,
  common: CommonColumn[],
  wanted: string[],
  steps: Steps,
): Promise<Key> {
  const columns = wanted.flatMap((name) => common.filter((column) => column.name === name));
  const unknown = wanted.find((name) => !common.some((column) => column.name === name));
  if (unknown !== undefined) throw badKey(`no column “${unknown}” is in both versions`, { column: unknown });
  for (const [side, word] of [
    [before, "before"],
    [after, "after"],
  ] as const) {
    const count = await duplicates(connection, side, columns, steps);
    if (count === 0) continue;
    const rows = count === 1 ? "1 row repeats" : `${count.toLocaleString("en")} rows repeat`;
    throw badKey(`is not unique in the version ${word}: ${rows} the key of another`, { duplicates: count });
  }
  return { how: "given", columns };
}

function badKey(message: string, more: Record<string, unknown>): TeatreeError {
  return new TeatreeError("invalid_arguments", `key: ${message}`, {
    details: { issues: [{ path: "key", message }], ...more },
  });
}

/** Whether a column is unique and never null; exact, and the cheaper questions first. */
async function isUnique(
  connection: DuckDBConnection,
  side: Side,
  column: CommonColumn,
  steps: Steps,
): Promise<boolean> {
  const counted = WHOLE.test(column.after)
    ? await duplicatesByBits(connection, side, column.name, steps.check)
    : null;
  if (counted !== null) return counted === 0;
  if (!(await isPlausible(connection, side, column, steps))) return false;
  return (await duplicatesByGroups(connection, side, [column], steps)) === 0;
}

async function isPlausible(
  connection: DuckDBConnection,
  side: Side,
  { name }: CommonColumn,
  { check }: Steps,
): Promise<boolean> {
  check();
  const [[present, distinct] = []] = await rowsOf(
    connection,
    `SELECT system.main.count(${quoted(name)}), system.main.approx_count_distinct(${quoted(name)}) FROM ${tableOf(side)}`,
  );
  return Number(present) === side.rows && Number(distinct) >= side.rows * PLAUSIBLE;
}

/** How many rows have the key of an earlier row; exact. */
async function duplicates(
  connection: DuckDBConnection,
  side: Side,
  columns: CommonColumn[],
  steps: Steps,
): Promise<number> {
  const [only, ...more] = columns;
  if (only && more.length === 0 && only.before === only.after && WHOLE.test(only.after)) {
    const found = await duplicatesByBits(connection, side, only.name, steps.check);
    if (found !== null) return found;
  }
  return duplicatesByGroups(connection, side, columns, steps);
}

async function duplicatesByGroups(
  connection: DuckDBConnection,
  side: Side,
  columns: CommonColumn[],
  { passes, check }: Steps,
): Promise<number> {
  const values = columns.map(comparable);
  let sum = 0;
  for (let index = 0; index < passes; index += 1) {
    check();
    const pass: Pass = { index, count: passes };
    const [[found] = []] = await rowsOf(
      connection,
      `SELECT coalesce(system.main.sum(n - 1), 0)::BIGINT FROM (SELECT system.main.count(*) AS n FROM ${tableOf(side)}
       WHERE ${passFilter(values, pass)} GROUP BY ${values.join(", ")} HAVING system.main.count(*) > 1)`,
    );
    sum += Number(found);
  }
  return sum;
}

/** A tenth of the time and a hundredth of the memory, when values lie close together; null: they do not, or some are null. */
async function duplicatesByBits(
  connection: DuckDBConnection,
  side: Side,
  column: string,
  check: () => void,
): Promise<number | null> {
  check();
  const name = quoted(column);
  const [[least, most, present] = []] = await rowsOf(
    connection,
    `SELECT system.main.min(${name})::HUGEINT, system.main.max(${name})::HUGEINT, system.main.count(${name}) FROM ${tableOf(side)}`,
  );
  if (typeof least !== "bigint" || typeof most !== "bigint" || Number(present) !== side.rows) return null;
  const range = most - least;
  if (range > MOST_BITS || range > side.rows * 64) return null;
  check();
  const [[distinct] = []] = await rowsOf(
    connection,
    `SELECT system.main.bit_count(system.main.bitstring_agg(${name}, ${least}, ${most})) FROM ${tableOf(side)}`,
  );
  return side.rows - Number(distinct);
}
