import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { EngineNames } from "./engine-names.ts";
import { isName, isSign, type Piece } from "./pieces.ts";
import { placeOf } from "./places.ts";
import { nameAt, objectOf, refusal } from "./words.ts";

/** Refuses a text that names our own schema anywhere: as a name, in a literal, in a comment, or escaped. */
export function checkNoLedger(whole: string, pieces: readonly Piece[]): void {
  const at = whole.toLowerCase().indexOf("_teatree");
  if (at >= 0) throw ledgerRefusal(placeOf(whole, at));
  for (const piece of pieces) {
    const token = piece.tokens.find((one) => one.text.toLowerCase().includes("_teatree"));
    if (token) throw ledgerRefusal(placeOf(whole, piece.start + token.start));
  }
}

function ledgerRefusal(details: { line: number; column: number }): TeatreeError {
  return new TeatreeError("statement_not_allowed", "The schema _teatree is reserved.", { details });
}

/** Refuses calls of functions that reach beyond the model's own data, and names that show settings or machine paths. */
export function checkNames(whole: string, piece: Piece, names: EngineNames): void {
  const target = targetIndex(piece);
  piece.tokens.forEach((token, index) => {
    if (!isName(token)) return;
    const name = token.text.toLowerCase();
    const called = isSign(piece.tokens[index + 1], "(") && index !== target;
    if (names.refusedNames.has(name) || (called && names.refusedFunctions.has(name))) {
      throw refusal(whole, piece, token, `${token.text} is not allowed in a statement.`);
    }
  });
}

/** The last part of the name in `CREATE TABLE name (…)` or `INSERT INTO name (…)`: what follows is a list of columns, not a call. */
function targetIndex(piece: Piece): number {
  const object = objectOf(piece.tokens);
  if (object?.verb === "create" && object.kind === "table")
    return nameAt(piece.tokens, object.nameIndex).next - 1;
  const into = piece.tokens.findIndex(
    (token) => token.kind === "word" && token.text.toLowerCase() === "into",
  );
  return into < 0 ? -1 : nameAt(piece.tokens, into + 1).next - 1;
}
