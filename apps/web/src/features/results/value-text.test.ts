import {
  Bool,
  Data,
  DateDay,
  Decimal,
  Float64,
  Int64,
  makeData,
  makeVector,
  Table,
  TimeMicrosecond,
  TimestampMicrosecond,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Vector,
} from "apache-arrow";
import { describe, expect, test } from "vitest";
import { gridData } from "./result-columns.ts";
import {
  dateText,
  decimalText,
  floatText,
  groupDigits,
  hexText,
  intervalText,
  timestampText,
  timeText,
} from "./value-text.ts";

describe("values as text", () => {
  test.each([
    ["0", "0"],
    ["-7", "−7"],
    ["3000000", "3,000,000"],
    ["-9223372036854775808", "−9,223,372,036,854,775,808"],
    ["1234.5000", "1,234.5000"],
    ["999", "999"],
  ])("%s reads as %s", (digits, text) => expect(groupDigits(digits)).toBe(text));

  test.each([
    [0.1 + 0.2, "0.3"],
    [-1234.5, "−1,234.5"],
    [1e21, "1e+21"],
    [0.00001234, "1.234e−5"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "−infinity"],
    [-0.0000001, "−1e−7"],
  ])("the double %s reads as %s", (value, text) => expect(floatText(value)).toBe(text));

  test("decimals keep every digit of their scale", () => {
    expect(decimalText(1250n, 2)).toBe("12.50");
    expect(decimalText(-5n, 3)).toBe("-0.005");
    expect(decimalText(7n, 0)).toBe("7");
  });

  test("times before 1970 and fractions of a second are right", () => {
    expect(timestampText(-1n)).toBe("1969-12-31 23:59:59.999999");
    expect(timestampText(978_335_160_000_000n)).toBe("2001-01-01 07:46:00");
    expect(timestampText(0n, 0, "UTC")).toBe("1970-01-01 00:00:00+00");
    expect(timeText(3_723_500_000n)).toBe("01:02:03.5");
    expect(dateText(-1)).toBe("1969-12-31");
    expect(dateText(2_147_483_647)).toBe("infinity");
  });

  test("intervals and bytes read as DuckDB writes them", () => {
    expect(intervalText(14, 3, 14_706_000_000n)).toBe("1 year 2 months 3 days 04:05:06");
    expect(intervalText(0, 0, 0n)).toBe("00:00:00");
    expect(intervalText(0, 1, -1_000_000n)).toBe("1 day -00:00:01");
    expect(hexText(new Uint8Array([10, 255]))).toBe("\\x0AFF");
  });
});

describe("columns of an Arrow table", () => {
  const nullable = <Type extends Int64 | TimestampMicrosecond | TimeMicrosecond>(
    data: BigInt64Array,
    type: Type,
  ) => {
    const nullBitmap = new Uint8Array([0b101]);
    return new Vector([new Data<Type>(type, 0, 3, 1, [undefined, data, nullBitmap])]);
  };

  test("64-bit integers, times and nulls are exact after the wire", () => {
    const table = new Table({
      big: nullable(new BigInt64Array([9_007_199_254_740_993n, 0n, -1n]), new Int64()),
      at: nullable(new BigInt64Array([978_335_160_000_001n, 0n, 0n]), new TimestampMicrosecond()),
      clock: nullable(new BigInt64Array([1_000_000n, 0n, 0n]), new TimeMicrosecond()),
    });
    const [big, at, clock] = gridData(tableFromIPC(tableToIPC(table))).columns;
    expect([big?.exact(0), big?.display(0), big?.exact(1)]).toEqual([
      "9007199254740993",
      "9,007,199,254,740,993",
      null,
    ]);
    expect([at?.display(0), at?.kind, at?.type]).toEqual(["2001-01-01 07:46:00.000001", "time", "TIMESTAMP"]);
    expect(clock?.display(0)).toBe("00:00:01");
  });

  test("decimals take the scale of their type", () => {
    const words = new Uint32Array([1250, 0, 0, 0, 0xffff_fffb, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff]);
    const vector = new Vector([makeData({ type: new Decimal(2, 18, 128), data: words, length: 2 })]);
    const [column] = gridData(new Table({ amount: vector })).columns;
    expect([column?.display(0), column?.exact(1), column?.type]).toEqual(["12.50", "-0.05", "DECIMAL(18,2)"]);
  });

  test("a column of several chunks is one column", () => {
    const chunk = (values: number[]) => makeData({ type: new Float64(), data: new Float64Array(values) });
    const vector = new Vector([chunk([1, 2]), chunk([]), chunk([3.25])]);
    const [column] = gridData(new Table({ x: vector })).columns;
    expect([0, 1, 2, 3].map((row) => column?.display(row))).toEqual(["1", "2", "3.25", null]);
  });

  test("text of a dictionary, booleans and dates read as what they mean", () => {
    const words = tableFromArrays({ origin: ["ORD", "ATL", "ORD"] });
    const [origin] = gridData(tableFromIPC(tableToIPC(words))).columns;
    expect([0, 1, 2].map((row) => origin?.display(row))).toEqual(["ORD", "ATL", "ORD"]);
    const flags = makeVector(makeData({ type: new Bool(), data: new Uint8Array([0b10]), length: 2 }));
    const days = makeVector(makeData({ type: new DateDay(), data: new Int32Array([0, 11_323]), length: 2 }));
    const [flag, day] = gridData(new Table({ flag: flags, day: days })).columns;
    expect([flag?.display(0), flag?.display(1)]).toEqual(["false", "true"]);
    expect(day?.display(1)).toBe("2001-01-01");
  });

  test("a result without rows still has its columns", () => {
    const data = gridData(new Table({ a: makeVector(new Float64Array()) }));
    expect([data.rowCount, data.columns.map(({ name }) => name)]).toEqual([0, ["a"]]);
  });
});
