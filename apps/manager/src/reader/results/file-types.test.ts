import {
  ARRAY,
  DECIMAL,
  DuckDBHugeIntType,
  DuckDBIntegerType,
  DuckDBUHugeIntType,
  DuckDBVarCharType,
  LIST,
  MAP,
  STRUCT,
  UNION,
} from "@duckdb/node-api";
import { expect, test } from "vitest";
import { parquetType, quoted, tableType, uniqueNames } from "./file-types.ts";

test("nested types keep their member names, quoted", () => {
  const type = LIST(
    STRUCT({ 'a "b"': DECIMAL(10, 2), c: MAP(DuckDBVarCharType.instance, DuckDBIntegerType.instance) }),
  );
  expect(tableType(type)).toBe('STRUCT("a ""b""" DECIMAL(10,2), "c" MAP(VARCHAR, INTEGER))[]');
});

test("what Parquet would round or garble becomes something it keeps, at any depth", () => {
  expect(parquetType(DuckDBHugeIntType.instance)).toBe("DECIMAL(38,0)");
  expect(parquetType(ARRAY(DuckDBUHugeIntType.instance, 3))).toBe("VARCHAR[3]");
  expect(parquetType(LIST(UNION({ n: DuckDBIntegerType.instance })))).toBe("VARCHAR[]");
});

test("columns of one name, in any case, get different ones", () => {
  expect(uniqueNames(["a", "A", "a_1", "a"])).toEqual(["a", "A_2", "a_1", "a_3"]);
  expect(uniqueNames(["id", "name"])).toEqual(["id", "name"]);
});

test("a quote in a name is doubled", () => {
  expect(quoted('x"y')).toBe('"x""y"');
});
