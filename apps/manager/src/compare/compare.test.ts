import { describe, expect, test } from "vitest";
import { declaredKey, keyCandidates } from "./choose-key.ts";
import { passCount } from "./compare-table.ts";
import { comparable, differs, passFilter } from "./difference-sql.ts";
import { commonColumns, type Side } from "./side.ts";

const column = (name: string, type = "INTEGER", nullable = true) => ({ name, type, nullable });
const side = (more: Partial<Side> = {}): Side => ({
  catalog: "model",
  table: "t",
  columns: [column("a")],
  rows: 10,
  keys: [],
  ...more,
});
const common = (...columns: Side["columns"]) => commonColumns(side({ columns }), side({ columns }));

describe("which column may be the key", () => {
  test.each([
    [["x", "airport_code", "id"], "t", ["id", "airport_code", "x"]],
    [["x", "code", "other_id", "flight_id"], "flights", ["flight_id", "code", "other_id", "x"]],
    [["b", "a"], "t", ["b", "a"]],
  ])("of %j in %s", (names, table, expected) => {
    const columns = common(...names.map((name) => column(name)));
    expect(keyCandidates(columns, table).map(({ name }) => name)).toEqual(expected);
  });

  test.each(["DOUBLE", "BOOLEAN", "INTEGER[]", "STRUCT(a INTEGER)", "VARCHAR[]"])(
    "none of type %s",
    (type) => {
      expect(keyCandidates(common(column("id", type)), "t")).toEqual([]);
    },
  );

  test("a declared key counts when both sides declare it and it is never null", () => {
    const sure = side({ columns: [column("a", "INTEGER", false)], keys: [["a"]] });
    const loose = side({ columns: [column("a")], keys: [["a"]] });
    const none = side({ columns: [column("a", "INTEGER", false)] });
    expect(declaredKey(sure, sure, commonColumns(sure, sure))).toHaveLength(1);
    for (const other of [loose, none]) {
      expect(declaredKey(sure, other, commonColumns(sure, other))).toBeNull();
      expect(declaredKey(other, sure, commonColumns(other, sure))).toBeNull();
    }
  });
});

test.each([
  ["INTEGER", "INTEGER", `a."c" IS DISTINCT FROM b."c"`],
  ["INTERVAL", "INTERVAL", `CAST(a."c" AS VARCHAR) IS DISTINCT FROM CAST(b."c" AS VARCHAR)`],
  ["INTEGER", "VARCHAR", `CAST(a."c" AS VARCHAR) IS DISTINCT FROM CAST(b."c" AS VARCHAR)`],
  [
    "DOUBLE",
    "INTEGER",
    `(TRY_CAST(b."c" AS INTEGER) IS DISTINCT FROM a."c" OR TRY_CAST(a."c" AS DOUBLE) IS DISTINCT FROM b."c")`,
  ],
])("a column that was %s and is %s", (before, after, expected) => {
  expect(differs({ name: "c", before, after })).toBe(expected);
});

test("a name is quoted wherever it stands", () => {
  expect(comparable({ name: 'a"b', before: "INTEGER", after: "INTEGER" })).toBe('"a""b"');
});

test.each([
  [{ index: 0, count: 1 }, "true"],
  [{ index: 2, count: 4 }, 'system.main.hash("a", "b") % 4 = 2'],
])("a pass %j", (pass, expected) => {
  expect(passFilter(['"a"', '"b"'], pass)).toBe(expected);
});

test.each([
  [10, 1_000_000_000, 1],
  [10_000_000, 1_000_000_000, 4],
  [10_000_000, 100_000_000, 17],
])("%i rows in %i bytes take %i passes", (rows, bytes, passes) => {
  expect(passCount(side({ rows }), side({ rows }), bytes)).toBe(passes);
});
