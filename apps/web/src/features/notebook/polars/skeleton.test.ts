import { polarsTypes } from "@teatree/shared/polars/polars-types";
import { expect, test } from "vitest";
import type { CatalogTable } from "../sql/sql-completions.ts";
import { createTypeService } from "../types/type-service.ts";
import { columnText, skeletonFor, tableText } from "./skeleton.ts";

const table = (name: string, rows: number, ...columns: [string, string][]): CatalogTable => ({
  name,
  rows,
  columns: columns.map(([column, type]) => ({ name: column, type, nullable: true })),
});

test("a new cell counts the rows per group of the largest table", () => {
  const tables = [
    table("small", 3, ["a", "VARCHAR"]),
    table("flights", 9, ["id", "BIGINT"], ["carrier", "VARCHAR"]),
  ];
  expect(skeletonFor(tables)).toBe(
    '({ pl, tables }) => tables.flights\n  .groupBy("carrier")\n  .agg(pl.len().alias("flights"))\n  .sort("carrier")',
  );
});

test("names of any kind are written so that they can be read", () => {
  expect([tableText("flights"), tableText('a "b"'), columnText('a "b"')]).toEqual([
    "tables.flights",
    'tables["a \\"b\\""]',
    'pl.col("a \\"b\\"")',
  ]);
});

test.each([
  ["a model without tables", []],
  ["a table whose group has its name", [table("kind", 1, ["kind", "VARCHAR"])]],
  ["a table of measures only", [table("m", 1, ["x", "DOUBLE"])]],
  ["a table with a name of several words", [table("late flights", 1, ["a day", "DATE"])]],
])("what a cell on %s begins with has no type faults", async (_, tables) => {
  const types = createTypeService();
  await types.setTypes(polarsTypes(Object.fromEntries(tables.map(({ name, columns }) => [name, columns]))));
  expect(await types.check(skeletonFor(tables))).toEqual([]);
});
