import type { DuckDBConnection } from "@duckdb/node-api";
import { tokenize } from "./lexer.ts";
import type { Piece } from "./pieces.ts";
import { type TableRef, tableRefs } from "./table-refs.ts";
import { nameAt, refusal } from "./words.ts";

const FILE_LIKE =
  /[/\\*?]|:\/\/|\.(csv|tsv|txt|parquet|json|jsonl|ndjson|geojson|duckdb|ddb|db|arrow|arrows|ipc|xlsx|avro|gz|zst|zstd)(\?|$)/i;

const EXTENSION = /^(csv|tsv|parquet|json|jsonl|ndjson|duckdb|db|arrow)$/i;

/**
 * DuckDB reads a file when a table's name looks like one and no such table exists (`FROM 'x.csv'`, `FROM "x.csv"`, `FROM x.csv`).
 * Refused before prepare: preparing already opens the file.
 */
export async function checkNoFiles(connection: DuckDBConnection, whole: string, piece: Piece): Promise<void> {
  const { reads, literals } = tableRefs(piece.tokens);
  const literal = literals[0];
  if (literal) {
    const message =
      "A text in single quotes cannot stand for a table. Put the table's name in double quotes.";
    throw refusal(whole, piece, literal, message);
  }
  const suspects = [...reads, ...engineRefs(connection, piece)].filter((ref) =>
    FILE_LIKE.test(ref.parts.join(".")),
  );
  if (suspects.length === 0) return;
  const known = await relationNames(connection);
  for (const { parts, index } of suspects) {
    if (known.has(parts.join("\0").toLowerCase())) continue;
    const message =
      "There is no table of this name, and SQL cannot open files. Upload the file and import it.";
    throw refusal(whole, piece, piece.tokens[index], message);
  }
}

/** A second net: the names the engine itself finds, for the kinds of statement where it finds any. Only where one could be a file. */
function engineRefs(connection: DuckDBConnection, piece: Piece): TableRef[] {
  if (
    !piece.tokens.some(
      (token) => token.kind !== "sign" && (FILE_LIKE.test(token.text) || EXTENSION.test(token.text)),
    )
  ) {
    return [];
  }
  try {
    const names = connection.getTableNames(piece.text, true);
    return names.map((name) => ({ parts: nameAt(tokenize(name), 0).parts, index: 0 }));
  } catch {
    // What does not parse is refused when it is prepared.
    return [];
  }
}

/** Every way to name an existing table or view, its parts joined by NUL, in lower case. */
async function relationNames(connection: DuckDBConnection): Promise<Set<string>> {
  const relations = await connection.runAndReadAll(
    `SELECT database_name, schema_name, table_name FROM system.main.duckdb_tables()
     UNION ALL SELECT database_name, schema_name, view_name FROM system.main.duckdb_views()`,
  );
  const names = new Set<string>();
  for (const row of relations.getRows()) {
    const [database = "", schema = "", name = ""] = row.map((part) => String(part).toLowerCase());
    names.add(`${database}\0${schema}\0${name}`).add(`${schema}\0${name}`).add(`${database}\0${name}`);
    if (schema === "main") names.add(name);
  }
  return names;
}
