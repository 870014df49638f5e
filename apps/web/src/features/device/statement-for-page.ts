export type DescribedColumn = { name: string; type: string };

/** Quoted names and values are matched first, so that nothing inside them counts as a type. */
const LOST = /"(?:[^"]|"")*"|ENUM\((?:'(?:[^']|'')*'(?:, )?)*\)|\b(?:BIT|UHUGEINT)\b/g;

/**
 * The statement with the columns cast to text that the engine's stream would hand over wrong: it leaves out the words of
 * an ENUM, gives a BIT as the bytes it is stored in, and a large UHUGEINT as a negative number.
 * @param columns what DESCRIBE says of the statement
 */
export function statementForPage(sql: string, columns: readonly DescribedColumn[]): string {
  const casts = columns.flatMap(({ name, type }) => {
    const safe = type.replace(LOST, (found) => (found.startsWith('"') ? found : "VARCHAR"));
    return safe === type ? [] : [`CAST(${quoted(name)} AS ${safe}) AS ${quoted(name)}`];
  });
  if (casts.length === 0) return sql;
  const statement = sql.trim().replace(/;\s*$/, "");
  // A line of its own: the statement may end in a line comment.
  return `SELECT * REPLACE (${casts.join(", ")}) FROM (\n${statement}\n)`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
