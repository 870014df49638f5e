import { splitStatements, wordAt } from "../gate/pieces.ts";
import { placeOf } from "../gate/places.ts";
import { objectOf } from "../gate/words.ts";

/** What people recognize each statement by, such as `UPDATE` or `CREATE TABLE`, and where it begins. */
export function statementKinds(sql: string): { kind: string; line: number }[] {
  try {
    return splitStatements(sql).map(({ tokens, start }) => {
      const object = objectOf(tokens);
      const first = tokens.findIndex((_, index) => wordAt(tokens, index) !== undefined);
      const word = object?.verb ?? wordAt(tokens, first) ?? "?";
      const kind = object ? `${word} ${object.kind}` : word;
      return { kind: kind.toUpperCase(), line: placeOf(sql, start).line };
    });
  } catch {
    // A text that cannot be split fails when it runs, and says why there.
    return [];
  }
}
