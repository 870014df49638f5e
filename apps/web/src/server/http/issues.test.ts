import { TeatreeError } from "@teatree/shared/contracts/errors";
import { SubmitIntents } from "@teatree/shared/contracts/intents";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseInput, pathText } from "./issues.ts";

function issuesOf(schema: z.ZodType, value: unknown) {
  try {
    parseInput(schema, value);
  } catch (error) {
    if (error instanceof TeatreeError) return error.details.issues;
    throw error;
  }
  return [];
}

test("what fits is given back parsed", () => {
  expect(parseInput(z.object({ n: z.coerce.number() }), { n: "3" })).toEqual({ n: 3 });
});

test("of a union's branches the one that got furthest speaks", () => {
  const broken = [
    { function: "sql", args: { sql: "x" } },
    { function: "sql", args: { sql: 5 } },
  ];
  expect(issuesOf(SubmitIntents, broken)).toMatchObject([{ path: "[1].args.sql" }]);
});

test("a value that no branch begins to fit is said to be wrong itself", () => {
  expect(issuesOf(z.object({ v: z.union([z.string(), z.number()]) }), { v: true })).toMatchObject([
    { path: "v" },
  ]);
});

test("each key too many is named", () => {
  expect(issuesOf(z.object({ a: z.strictObject({}) }), { a: { b: 1, c: 2 } })).toEqual([
    { path: "a.b", message: "is not known here" },
    { path: "a.c", message: "is not known here" },
  ]);
});

test.each([
  [[], ""],
  [["args", "rows", 0, "name"], "args.rows[0].name"],
  [[1, "args"], "[1].args"],
])("the path %j reads %j", (path, text) => {
  expect(pathText(path)).toBe(text);
});
