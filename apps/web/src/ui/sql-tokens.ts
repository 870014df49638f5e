export type SqlToken = {
  kind: "keyword" | "string" | "number" | "comment" | "plain";
  text: string;
  at: number;
};

const KEYWORDS = new Set(
  `all alter and any as asc between by case cast create cross default delete desc describe distinct drop else end except
  exists explain false filter from full group having if in inner insert intersect interval into is join lateral left like
  ilike limit merge natural not null nulls offset on or order outer over partition pivot primary key qualify recursive
  replace returning right rollup sample select semi set summarize table then true truncate union unique unpivot update
  using values view when where window with add column constraint references temp rename to values begin commit`.split(
    /\s+/,
  ),
);
const PATTERN =
  /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*'?)|\b(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\b|([A-Za-z_][A-Za-z0-9_]*)/gi;

/** Splits SQL for colouring only: it never fails, whatever the text. The parts joined are the text again. */
export function tokensOf(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let end = 0;
  const plain = (until: number) => {
    if (until > end) tokens.push({ kind: "plain", text: sql.slice(end, until), at: end });
    end = until;
  };
  for (const match of sql.matchAll(PATTERN)) {
    const [text, comment, string, number] = match;
    const kind = comment
      ? "comment"
      : string
        ? "string"
        : number
          ? "number"
          : KEYWORDS.has(text.toLowerCase())
            ? "keyword"
            : undefined;
    if (kind === undefined) continue;
    plain(match.index);
    tokens.push({ kind, text, at: match.index });
    end = match.index + text.length;
  }
  plain(sql.length);
  return tokens;
}
