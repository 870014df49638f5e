import {
  BIGINT,
  BLOB,
  blobValue,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  dateValue,
  FLOAT,
  HUGEINT,
  LIST,
  listValue,
  MAP,
  mapValue,
  STRUCT,
  structValue,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from "@duckdb/node-api";
import { expect, test } from "vitest";
import { jsonValue } from "./json-values.ts";

test.each([
  [5n, BIGINT, 5],
  [9007199254740993n, BIGINT, "9007199254740993"],
  [-(2n ** 100n), HUGEINT, "-1267650600228229401496703205376"],
  [new DuckDBDecimalValue(125n, 9, 2), DECIMAL(9, 2), 1.25],
  [new DuckDBDecimalValue(12345678901234567890n, 20, 2), DECIMAL(20, 2), "123456789012345678.90"],
  [Math.fround(0.1), FLOAT, 0.1],
  [0.1, DOUBLE, 0.1],
  [Number.NaN, DOUBLE, "NaN"],
  [Number.NEGATIVE_INFINITY, DOUBLE, "-Infinity"],
  [blobValue(new Uint8Array([0xaa, 0])), BLOB, "qgA="],
  [dateValue(18262), DATE, "2020-01-01"],
  [new DuckDBTimestampValue(1_577_836_800_000_001n), TIMESTAMP, "2020-01-01T00:00:00.000001"],
  [new DuckDBTimestampTZValue(1_577_836_800_000_000n), TIMESTAMPTZ, "2020-01-01T00:00:00Z"],
  [listValue([1n, null]), LIST(BIGINT), [1, null]],
  [structValue({ a: 1n, b: listValue(["x"]) }), STRUCT({ a: BIGINT, b: LIST(VARCHAR) }), { a: 1, b: ["x"] }],
  [mapValue([{ key: "k", value: 2n }]), MAP(VARCHAR, BIGINT), [{ key: "k", value: 2 }]],
  [null, BIGINT, null],
])("%s of type %s is %j", (value, type, expected) => {
  expect(jsonValue(value, type)).toEqual(expected);
});
