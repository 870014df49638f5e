import { describe, expect, test } from "vitest";
import { type Catalog, completionsAt } from "./sql-completions.ts";
import { quoteName } from "./sql-scope.ts";
import { LINE_START, tokenizeLine, tokenizeSql } from "./sql-tokens.ts";

const column = (name: string, type = "VARCHAR") => ({ name, type, nullable: true });
const catalog: Catalog = {
  tables: [
    {
      name: "flights",
      rows: 3_000_000,
      columns: [column("delay", "BIGINT"), column("origin"), column("Arrival Time")],
    },
    { name: "airports", rows: 3376, columns: [column("iata"), column("city")] },
  ],
  functions: ["avg", "hour"],
};

/** Completes at the bar in the text. */
function at(text: string) {
  const offset = text.indexOf("|");
  return completionsAt(text.replace("|", ""), offset, catalog);
}
const labels = (text: string, kind: string) =>
  at(text)
    .filter((item) => item.kind === kind)
    .map(({ label }) => label);

describe("completion", () => {
  test("after FROM and JOIN come tables only", () => {
    expect(at("SELECT * FROM |").map(({ label }) => label)).toEqual(["flights", "airports"]);
    expect(at("SELECT * FROM flights JOIN a|").map(({ label }) => label)).toEqual(["flights", "airports"]);
    expect(labels("SELECT * FROM flights f, | WHERE x", "table")).toEqual(["flights", "airports"]);
  });

  test("in the middle of a statement come the columns of the tables it names further down", () => {
    expect(labels("SELECT | FROM airports", "column")).toEqual(["iata", "city"]);
    expect(labels("SELECT d| FROM airports a JOIN flights AS f ON true", "column")).toEqual([
      "delay",
      "origin",
      "Arrival Time",
      "iata",
      "city",
    ]);
  });

  test("after an alias and a dot come that table's columns", () => {
    expect(at("SELECT f.| FROM flights f").map(({ label }) => label)).toEqual([
      "delay",
      "origin",
      "Arrival Time",
    ]);
    expect(at("SELECT * FROM airports AS ap WHERE ap.c|").map(({ label }) => label)).toEqual([
      "iata",
      "city",
    ]);
    expect(at('SELECT "my f".| FROM flights "my f"').map(({ label }) => label)).toContain("delay");
  });

  test("a name that needs quotes is inserted with them", () => {
    expect(at("SELECT | FROM flights").find(({ label }) => label === "Arrival Time")?.insert).toBe(
      '"Arrival Time"',
    );
    expect([quoteName("a"), quoteName("select"), quoteName('a"b'), quoteName("größe")]).toEqual([
      "a",
      '"select"',
      '"a""b"',
      '"größe"',
    ]);
  });

  test("nothing comes inside strings and comments", () => {
    expect(at("SELECT 'it is |here' FROM flights")).toEqual([]);
    expect(at("SELECT 1 -- and | then")).toEqual([]);
    expect(at("SELECT /* a | b */ 1")).toEqual([]);
  });

  test("only the statement round the cursor counts", () => {
    expect(labels("SELECT * FROM flights; SELECT | FROM airports; SELECT 1", "column")).toEqual([
      "iata",
      "city",
    ]);
  });

  test("tables of the statement's own WITH come first", () => {
    expect(labels("WITH late AS (SELECT * FROM flights) SELECT * FROM |", "table")[0]).toBe("late");
  });

  test("aliases, functions and keywords come with expressions", () => {
    expect(labels("SELECT | FROM flights f", "alias")).toEqual(["f"]);
    expect(labels("SELECT | FROM flights f", "function")).toEqual(["avg", "hour"]);
    expect(labels("SELECT | FROM flights f", "keyword")).toContain("WHERE");
  });
});

describe("SQL tokens", () => {
  const kinds = (sql: string) => tokenizeSql(sql).map(({ kind, text }) => `${kind} ${text}`);

  test("keywords, functions, types, names, numbers and strings are told apart", () => {
    expect(kinds(`SELECT avg(x.delay)::DOUBLE, 'it''s', 1.5e3 FROM "my t" -- end`)).toEqual([
      "keyword SELECT",
      "function avg",
      "operator (",
      "identifier x",
      "operator .",
      "identifier delay",
      "operator )",
      "operator :",
      "operator :",
      "type DOUBLE",
      "operator ,",
      "string 'it''s'",
      "operator ,",
      "number 1.5e3",
      "keyword FROM",
      'quoted "my t"',
      "comment -- end",
    ]);
  });

  test("strings, nested comments and dollar quotes go on over lines", () => {
    expect(kinds("/* a /* b\n*/ c */ 1")).toEqual(["comment /* a /* b", "comment */ c */", "number 1"]);
    expect(kinds("'a\nb' 2")).toEqual(["string 'a", "string b'", "number 2"]);
    expect(kinds("$t$ x\n$$ y $t$ 3")).toEqual(["string $t$ x", "string $$ y $t$", "number 3"]);
  });

  test("tokens cover a line without a gap", () => {
    for (const line of ["SELECT  *, a.b->>'$.x' FROM t;", "🫖 'x", "\t$1 + @ # § ", "é.ñ"]) {
      const { tokens } = tokenizeLine(line, LINE_START);
      expect(tokens.map(({ from, to }) => line.slice(from, to)).join("")).toBe(line);
    }
  });
});
