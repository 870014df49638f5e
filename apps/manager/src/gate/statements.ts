import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { StatementType } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { engineNames } from "./engine-names.ts";
import { sqlError } from "./errors.ts";
import { checkNoFiles } from "./file-refs.ts";
import { checkObject } from "./object-rules.ts";
import { type Piece, splitStatements, wordAt } from "./pieces.ts";
import { checkNames, checkNoLedger } from "./text-rules.ts";
import { checkFirstWords, READ_WORDS, refusal, WRITE_WORDS } from "./words.ts";

const READS: ReadonlySet<StatementType> = new Set([StatementType.SELECT]);
const WRITES: ReadonlySet<StatementType> = new Set([
  StatementType.SELECT,
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.CREATE,
  StatementType.ALTER,
  StatementType.DROP,
  // MERGE INTO, which the binding's enum does not name.
  30,
]);

/** A statement that passed the gate. `visible` is false for the part of a PIVOT that only prepares it. */
export type Admitted = {
  prepared: DuckDBPreparedStatement;
  type: StatementType;
  piece: Piece;
  visible: boolean;
};

/**
 * Checks that a user's text is exactly one statement that only reads the model, and gives the prepared statement to bind and run.
 * Throws `statement_not_allowed` (403) or `sql_error` (400) with line and column. Call it where a hang can be killed. A PIVOT without IN needs a temporary type first: it is made here, so
 * run this instead of preparing the text once more. The caller destroys the statement.
 */
export async function prepareRead(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  const pieces = splitStatements(sql);
  checkNoLedger(sql, pieces);
  const [piece, second] = pieces;
  if (!piece) throw new TeatreeError("sql_error", "There is no statement in this text.");
  if (second) throw refusal(sql, second, second.tokens[0], "Only one statement can be read at a time.");
  for await (const admitted of admitPiece(connection, sql, piece, READS, READ_WORDS)) {
    if (admitted.visible) return admitted.prepared;
    await runSetup(admitted, sql);
  }
  throw new TeatreeError("sql_error", "There is no statement in this text.");
}

async function runSetup(admitted: Admitted, sql: string): Promise<void> {
  try {
    await admitted.prepared.run();
  } catch (error) {
    throw sqlError(error, sql, admitted.piece.start);
  }
}

/**
 * The statements of a user's text that may change the model, each checked and prepared only when the one before has run: what a
 * statement means depends on what the earlier ones made. Run and destroy each before asking for the next.
 */
export async function* admitWrites(connection: DuckDBConnection, sql: string): AsyncGenerator<Admitted> {
  const pieces = splitStatements(sql);
  checkNoLedger(sql, pieces);
  if (pieces.length === 0) throw new TeatreeError("sql_error", "There is no statement in this text.");
  // All texts first: a refusal should not wait until the statements before it have run.
  const names = await engineNames(connection);
  for (const piece of pieces) {
    checkFirstWords(piece, sql, WRITE_WORDS);
    checkNames(sql, piece, names);
  }
  for (const piece of pieces) yield* admitPiece(connection, sql, piece, WRITES, WRITE_WORDS);
}

async function* admitPiece(
  connection: DuckDBConnection,
  sql: string,
  piece: Piece,
  types: ReadonlySet<StatementType>,
  words: ReadonlySet<string>,
): AsyncGenerator<Admitted> {
  const names = await engineNames(connection);
  checkFirstWords(piece, sql, words);
  checkNames(sql, piece, names);
  await checkNoFiles(connection, sql, piece);
  await checkObject(connection, sql, piece, names);
  const extracted = await attempt(() => connection.extractStatements(piece.text), sql, piece);
  if (extracted.count > 1) checkExpansion(sql, piece);
  const writes = extracted.count > 2 && wordAt(piece.tokens, 0) === "create";
  const last = extracted.count - (writes ? 2 : 1);
  for (let index = 0; index < extracted.count; index += 1) {
    const prepared = await attempt(() => extracted.prepare(index), sql, piece);
    const type = prepared.statementType;
    if (extracted.count > 1 && (type === StatementType.TRANSACTION || type === StatementType.SET)) {
      // The engine wraps a PIVOT that writes in a transaction of its own (SET when one is open); ours is open already.
      prepared.destroySync();
      continue;
    }
    const visible = index === last;
    if (!types.has(type) && (visible || type !== StatementType.CREATE)) {
      prepared.destroySync();
      throw refusal(
        sql,
        piece,
        piece.tokens[0],
        `${StatementType[type] ?? "This"} statements are not allowed here.`,
      );
    }
    yield { prepared, type, piece, visible };
  }
}

/** Only PIVOT becomes several statements. A semicolon in such a piece would mean that the engine splits it otherwise than we did. */
function checkExpansion(sql: string, piece: Piece): void {
  const pivots = piece.tokens.some((token) => token.kind === "word" && /^pivot/i.test(token.text));
  if (!pivots || piece.text.includes(";")) {
    throw refusal(sql, piece, piece.tokens[0], "This statement cannot be told apart from several ones.");
  }
}

async function attempt<T>(work: () => Promise<T>, sql: string, piece: Piece): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sqlError(error, sql, piece.start);
  }
}
