import type { DuckDBConnection } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { EngineNames } from "./engine-names.ts";
import { isName, isSign, type Piece } from "./pieces.ts";
import { tableRefs } from "./table-refs.ts";
import { nameAt, objectOf, refusal } from "./words.ts";

const SHADOWING = new Set(["macro", "function", "view"]);

/** Checks what a CREATE would leave in the file: nothing that shadows a built-in, nothing that breaks when the file is renamed. */
export async function checkObject(
  connection: DuckDBConnection,
  whole: string,
  piece: Piece,
  names: EngineNames,
): Promise<void> {
  const object = objectOf(piece.tokens);
  if (object?.verb !== "create" || !SHADOWING.has(object.kind)) return;
  const name = object.name.at(-1) ?? "";
  const taken = object.kind === "view" ? names.builtInViews : names.builtInFunctions;
  if (taken.has(name.toLowerCase())) {
    const message = `${name} is a built-in name. A ${object.kind} of that name would take its place everywhere.`;
    throw refusal(whole, piece, piece.tokens[object.nameIndex], message);
  }
  if (!object.temporary) await checkNoCatalog(connection, whole, piece, object.kind, object.nameIndex);
}

/** A stored body that names a database (`model.main.t`, `air.t`) is broken in every copy of the file: copies have other names. */
async function checkNoCatalog(
  connection: DuckDBConnection,
  whole: string,
  piece: Piece,
  kind: string,
  nameIndex: number,
): Promise<void> {
  const { tokens } = piece;
  const found = await connection.runAndReadAll("SELECT database_name FROM system.main.duckdb_databases()");
  const databases = new Set(found.getRows().map(([name]) => String(name).toLowerCase()));
  databases.delete("system");
  const read = new Set(tableRefs(tokens).reads.map((ref) => ref.index));
  for (let index = nameAt(tokens, nameIndex).next; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!isName(token) || isSign(tokens[index - 1], ".")) continue;
    const { parts, next } = nameAt(tokens, index);
    if (parts.length < 2 || !databases.has((parts[0] ?? "").toLowerCase())) continue;
    const called = isSign(tokens[next], "(");
    if (read.has(index) || called || (parts.length > 2 && parts[1]?.toLowerCase() === "main")) {
      throw refusal(
        whole,
        piece,
        token,
        `A ${kind} cannot name the database ${parts[0]}: a snapshot has another name.`,
      );
    }
  }
}

/**
 * After the last statement and before COMMIT: no view or macro bears a built-in name (a rename can do that). Compares in
 * JavaScript, because an operator of our own SQL could be what was shadowed.
 */
export async function checkNoShadows(connection: DuckDBConnection, names: EngineNames): Promise<void> {
  const found = await connection.runAndReadAll(
    `SELECT view_name, internal, true FROM system.main.duckdb_views()
     UNION ALL SELECT function_name, internal, false FROM system.main.duckdb_functions()`,
  );
  for (const [name, internal, view] of found.getRows()) {
    const taken = view === true ? names.builtInViews : names.builtInFunctions;
    if (internal !== true && taken.has(String(name).toLowerCase())) {
      const message = `${String(name)} is a built-in name. A view or macro of that name would take its place everywhere.`;
      throw new TeatreeError("statement_not_allowed", message);
    }
  }
}
