import { tokenizeSql } from "./sql-tokens.ts";

/** The first words of each statement, such as `UPDATE` or `CREATE TABLE`: what people recognize it by. */
export function statementWords(sql: string): string[] {
  const words: string[] = [];
  let fresh = true;
  const tokens = tokenizeSql(sql).filter(({ kind }) => kind !== "comment");
  tokens.forEach((token, at) => {
    if (token.text === ";") {
      fresh = true;
    } else if (fresh) {
      fresh = false;
      const first = token.text.toUpperCase();
      const pair = ["CREATE", "DROP", "ALTER"].includes(first)
        ? objectWord(tokens.slice(at + 1, at + 5))
        : null;
      words.push(pair ? `${first} ${pair}` : first);
    }
  });
  return words;
}

function objectWord(tokens: { text: string }[]): string | null {
  const words = tokens.map(({ text }) => text.toUpperCase());
  return (
    words.find((word) => ["TABLE", "VIEW", "SCHEMA", "INDEX", "SEQUENCE", "MACRO", "TYPE"].includes(word)) ??
    null
  );
}
