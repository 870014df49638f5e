import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { bindParams } from "./params.ts";

test("parameters keep their kind: whole numbers are BIGINT, a fraction makes a list one of DOUBLE", async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  const statement = await connection.prepare(
    "SELECT typeof($whole), typeof($part), typeof($mixed), typeof($nested), $nested",
  );
  bindParams(statement, {
    whole: 1,
    part: 2.5,
    mixed: [1, 2.5, null],
    nested: [{ id: 7, tags: ["ü"] }, null],
  });
  expect((await statement.runAndReadAll()).getRowsJson()).toEqual([
    ["BIGINT", "DOUBLE", "DOUBLE[]", "STRUCT(id BIGINT, tags VARCHAR[])[]", [{ id: "7", tags: ["ü"] }, null]],
  ]);
});

test("a parameter without a value is refused by its name", async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  const statement = await connection.prepare("SELECT $who");
  expect(() => bindParams(statement, {})).toThrow(/\$who/);
});

test("a list of unlike values is refused by the parameter's name", async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  const statement = await connection.prepare("SELECT $list");
  expect(() => bindParams(statement, { list: [1, "two"] })).toThrow(/\$list are not of one type/);
});
