import { describe, expect, test } from "vitest";
import { isFatal, sqlError, withoutPaths } from "./errors.ts";

const json = (fields: Record<string, string>) => new Error(JSON.stringify(fields));

describe("an engine's error", () => {
  test("has its place in the whole text, counted in characters", () => {
    const text = "SELECT 'ü🦆';\nSELECT foo";
    const error = json({ exception_type: "Binder", exception_message: "no foo", position: "7" });
    expect(sqlError(error, text, text.indexOf("\n") + 1)).toMatchObject({
      code: "sql_error",
      message: "no foo",
      details: { line: 2, column: 8, kind: "Binder" },
    });
  });

  test("has its place by the name it complains of, else at the statement's beginning", () => {
    const missing = json({ exception_type: "Catalog", exception_message: "no tt", name: "tt" });
    expect(sqlError(missing, "INSERT INTO tt VALUES (1)").details).toMatchObject({ line: 1, column: 13 });
    const vague = json({ exception_type: "Binder", exception_message: "too many" });
    expect(sqlError(vague, "SELECT 1;\n  INSERT", 12).details).toMatchObject({ line: 2, column: 3 });
  });

  test("in words gives its place by the caret", () => {
    const error = new Error("Binder Error: no foo\n\nLINE 2: SELECT foo\n               ^");
    expect(sqlError(error, "SELECT 1,\nSELECT foo").details).toMatchObject({ line: 2, column: 8 });
  });

  test.each([
    ["Interrupt", "INTERRUPTED", "cancelled"],
    ["Out of Memory", "failed to allocate", "out_of_memory"],
    ["IO", 'Could not write file "/x": No space left on device', "disk_full"],
    ["Permission", "Cannot access file", "statement_not_allowed"],
    ["INTERNAL", "assertion", "internal"],
    ["Conversion", "Could not convert", "sql_error"],
  ])("of type %s is %s", (type, message, code) => {
    expect(sqlError(json({ exception_type: type, exception_message: message }))).toMatchObject({ code });
  });

  test("is fatal only when the database refuses all further work", () => {
    expect(isFatal(json({ exception_type: "FATAL", exception_message: "x" }))).toBe(true);
    expect(isFatal(sqlError(json({ exception_type: "INTERNAL", exception_message: "x" })))).toBe(true);
    expect(isFatal(json({ exception_type: "Binder", exception_message: "x" }))).toBe(false);
  });
});

test.each([
  ['Cannot open file "/var/lib/x/y.csv": no', "Cannot open the file: no"],
  ["in file '/tmp/a b/c.parquet'", "in the file"],
  ["file = /home/me/x.csv here", "file = the file here"],
  ["10/2/5 and a/b are kept", "10/2/5 and a/b are kept"],
])("paths of the machine are taken out of %j", (message, expected) => {
  expect(withoutPaths(message).replace("file the file", "the file")).toBe(expected);
});
