import { TeatreeError } from "@teatree/shared/contracts/errors";
import { quoteName, rowsOf } from "../writer/engine.ts";
import type { StagedUpload } from "../writer/protocol.ts";
import type { FunctionContext } from "./context.ts";

export type FileColumn = { name: string; type: string };
type Cast = FileColumn & { target: string; targetType: string };

const WHOLE = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const SPEAKS_TEXT = /^(VARCHAR|JSON|UUID|ENUM\()/;

export function castSql(cast: Cast): string {
  const name = quoteName(cast.name);
  return cast.type === cast.targetType ? name : `CAST(${name} AS ${typeSql(cast.targetType)})`;
}

/**
 * Refuses a file whose values would not survive the cast to the column's type: the engine rounds 1.5 to 2 without a word. Looks at
 * the data only where the types differ. Throws `invalid_data` with row (from 1), for CSV with line, and column.
 */
export async function checkCasts(
  context: FunctionContext,
  relation: string,
  casts: readonly Cast[],
  upload: StagedUpload,
  read: (types: ReadonlyMap<string, string>) => string,
): Promise<void> {
  const differing = casts.filter((cast) => cast.type !== cast.targetType);
  if (differing.length === 0) return;
  for (const cast of differing) {
    if (cast.targetType !== "VARCHAR" || SPEAKS_TEXT.test(cast.type)) continue;
    throw new TeatreeError(
      "invalid_data",
      `"${upload.filename}", column "${cast.name}": the file has ${cast.type}, the table has text.`,
      { details: { field: cast.name } },
    );
  }
  const flags = differing.map((cast, index) => `${lossy(cast)} AS "bad ${index}"`);
  const shown = differing.map((cast) => `CAST(${quoteName(cast.name)} AS VARCHAR)`);
  const found = await rowsOf(
    context.connection,
    `SELECT * FROM (SELECT row_number() OVER () AS "row", ${flags.join(", ")}, [${shown.join(", ")}] AS shown
       FROM ${relation}) WHERE ${differing.map((_, index) => `"bad ${index}"`).join(" OR ")} ORDER BY "row" LIMIT 1`,
  );
  const first = found[0];
  if (!first) return;
  const index = first.slice(1).indexOf(true);
  const cast = differing[index];
  if (!cast) return;
  // The engine's own refusal, where there is one, knows the line in the file.
  if (upload.format === "csv") {
    const typed = read(new Map([[cast.name, cast.targetType]]));
    await context.probe.run(`SELECT system.main.count(${quoteName(cast.name)}) FROM ${typed}`);
  }
  const values = first.at(-1);
  const list = typeof values === "object" && values !== null && "items" in values ? values.items : [];
  const value = Array.isArray(list) ? String(list[index]) : "";
  const brief = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  throw new TeatreeError(
    "invalid_data",
    `"${upload.filename}", row ${String(first[0])}, column "${cast.name}": ${brief} does not fit ${cast.targetType} without loss.`,
    { details: { row: Number(first[0]), field: cast.name } },
  );
}

/** SQL that is true for a value which the cast refuses or changes. */
function lossy({ name, type, targetType }: Cast): string {
  const value = quoteName(name);
  const target = typeSql(targetType);
  const refused = `TRY_CAST(${value} AS ${target}) IS NULL`;
  if (type === "VARCHAR" || type === "JSON") {
    const rounded = WHOLE.test(targetType)
      ? ` OR NOT regexp_full_match(CAST(${value} AS VARCHAR), '\\s*[+-]?[0-9]+\\s*')`
      : "";
    return `(${value} IS NOT NULL AND (${refused}${rounded}))`;
  }
  const changed = `TRY_CAST(TRY_CAST(${value} AS ${target}) AS ${type}) IS DISTINCT FROM ${value}`;
  return `(${value} IS NOT NULL AND (${refused} OR ${changed}))`;
}

/** A type's name as the user or the engine wrote it. Only what a type can consist of gets into our SQL. */
function typeSql(type: string): string {
  let outside = type.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, "");
  for (let before = ""; before !== outside; ) {
    before = outside;
    outside = outside.replace(/\([\w\s,[\]]*\)/g, "");
  }
  if (/^[\w\s,[\]]+$/.test(outside) && !/--|\/\*/.test(type)) return type;
  throw new TeatreeError("invalid_arguments", `"${type}" is not a type.`, {
    details: { path: "args.options.columns" },
  });
}
