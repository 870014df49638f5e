import { expect, test } from "vitest";
import { tokenize } from "./lexer.ts";
import { tableRefs } from "./table-refs.ts";

test.each([
  ["SELECT * FROM a, b.c AS x, d JOIN e USING (k) WHERE f IN (SELECT 1 FROM g)", ["a", "b.c", "d", "e", "g"]],
  ["INSERT INTO t SELECT * FROM a", ["a"]],
  ["FROM a SELECT x, y ORDER BY z, w", ["a"]],
  ["SELECT extract(year FROM d), trim(FROM s) FROM a", ["a"]],
  ["SELECT x IS NOT DISTINCT FROM y FROM a", ["a"]],
  ["MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1, c = 2", ["s"]],
  ["SELECT * FROM f(1, 2), a", ["a"]],
  ["FROM (a JOIN (b))", ["a", "b"]],
  ["PIVOT a ON b", ["a"]],
  ["SUMMARIZE a", ["a"]],
])("the tables that %j reads", (sql, expected) => {
  expect(tableRefs(tokenize(sql)).reads.map((ref) => ref.parts.join("."))).toEqual(
    expect.arrayContaining(expected),
  );
});

test.each([
  "SELECT * FROM 'x'",
  "FROM a, 'x'",
  "FROM a set, 'x'",
  "FROM (('x'))",
  "FROM a JOIN b ON CASE WHEN true THEN true END, 'x'",
  "FROM n: 'x'",
  "DESCRIBE 'x'",
])("a text in the place of a table is found in %j", (sql) => {
  expect(tableRefs(tokenize(sql)).literals.map((token) => token.text)).toEqual(["x"]);
});

test.each([
  "SELECT 'x', 'y' FROM a WHERE b IN ('x', 'y') ORDER BY 'z', 'w'",
  "INSERT INTO t VALUES ('x'), ('y')",
  "UPDATE t SET a = 'x', b = 'y'",
  "SELECT a IS DISTINCT FROM 'x' FROM t",
  "SELECT * FROM f('x', 'y'), unnest(['x', 'y'])",
  "SELECT substring('x' FROM 1), trim(BOTH 'x' FROM 'y')",
])("no text is taken for a table in %j", (sql) => {
  expect(tableRefs(tokenize(sql)).literals).toEqual([]);
});
