import { describe, expect, test } from "vitest";
import { changesInWords, polarsOf, sqlOf, summaryOf } from "./describe.ts";

const uploadId = "01900000-0000-7000-8000-000000000001";

describe("a job in one line", () => {
  test.each([
    ["sql", { sql: "-- why\nUPDATE flights\n  SET delay = NULL" }, "UPDATE flights SET delay = NULL"],
    ["append", { table: "orders", rows: [{ a: 1 }] }, "1 row to orders"],
    ["append", { table: "orders", uploadId }, "a file to orders"],
    ["upsert", { table: "orders", key: ["id"], rows: [{ id: 1 }, { id: 2 }] }, "2 rows into orders by id"],
    [
      "update",
      { table: "orders", set: { state: "sent" }, where: { id: 7 } },
      'orders set state where {"id":7}',
    ],
    ["delete", { table: "orders", where: { id: 7 } }, 'from orders where {"id":7}'],
    ["import", { table: "airports", uploadId, mode: "create" }, "new table airports"],
    ["polars", { code: "// why\n({ pl }) =>\n  pl", mode: "result" }, "({ pl }) => pl"],
    ["polars", { code: "x", mode: "append", into: "late" }, "append to late: x"],
    ["restore", { version: 42 }, "version 42"],
    ["unheard_of", { x: 1 }, '{"x":1}'],
  ])("%s %j reads %s", (name, args, text) => expect(summaryOf({ function: name, args })).toBe(text));

  test("a polars job has code, a table and how it is written", () => {
    const args = { code: "x", into: "late", mode: "replace" };
    expect(polarsOf({ function: "polars", args })).toEqual(args);
    expect(polarsOf({ function: "sql", args: { sql: "SELECT 1" } })).toBeUndefined();
  });

  test("only sql has a statement", () => {
    expect(sqlOf({ function: "sql", args: { sql: "SELECT 1" } })).toBe("SELECT 1");
    expect(sqlOf({ function: "restore", args: { version: 1 } })).toBeUndefined();
  });
});

describe("changes in words", () => {
  test.each([
    [undefined, "no table changed"],
    [[{ table: "a", rowsBefore: null, rowsAfter: 3 }], "a: new, 3 rows"],
    [[{ table: "a", rowsBefore: 3, rowsAfter: null }], "a: dropped"],
    [[{ table: "a", rowsBefore: 3, rowsAfter: 3 }], "a: rewritten"],
    [[{ table: "a", rowsBefore: 3, rowsAfter: 1003 }], "a: +1,000 rows"],
    [[{ table: "a", rowsBefore: 3, rowsAfter: 2 }], "a: −1 row"],
    [
      [
        { table: "a", rowsBefore: 3, rowsAfter: 2 },
        { table: "b", rowsBefore: 3, rowsAfter: 2 },
      ],
      "2 tables changed",
    ],
  ])("%j reads %s", (changes, text) => expect(changesInWords(changes)).toBe(text));
});
