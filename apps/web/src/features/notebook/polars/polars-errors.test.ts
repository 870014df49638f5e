import { expect, test } from "vitest";
import { placePolarsError } from "./polars-errors.ts";

const code = '({ pl, tables }) =>\n  tables.flights.filter(pl.col("dely").gt(15))';
const error = (message: string, place: { line?: number; column?: number } = {}) => ({
  code: "polars_error",
  message,
  ...place,
});

test("a column that does not exist is found in the code, and the one that was meant is offered", () => {
  const message = 'not found: unable to find column "dely"; valid columns: ["date", "delay", "origin"]';
  expect(placePolarsError(error(message), code)).toMatchObject({
    line: 2,
    column: 33,
    message: "There is no column dely here.\nColumns: date, delay, origin",
    suggestion: { wrong: "dely", right: "delay" },
  });
});

test("of a call that the server tells, the column's name is the place", () => {
  const message = 'not found: unable to find column "dely"; valid columns: ["delay"]';
  const twice = `// "dely"\n${code}`;
  expect(placePolarsError(error(message, { line: 3, column: 18 }), twice)).toMatchObject({
    line: 3,
    column: 33,
  });
});

test("a place that the server tells is kept, and without any hint there is none", () => {
  expect(placePolarsError(error("x is not a function", { line: 1, column: 4 }), code)).toMatchObject({
    line: 1,
    column: 4,
  });
  const vague = placePolarsError(error("The code took longer than 60 s."), code);
  expect([vague.line, vague.suggestion]).toEqual([undefined, undefined]);
});

test("what is not a function is named", () => {
  const place = { line: 2, column: code.split("\n")[1]?.indexOf("gt(") ?? 0 };
  const found = placePolarsError(error("not a function", { ...place, column: place.column + 1 }), code);
  expect(found.message).toBe("gt is not a function here.");
});

test("a column far from every name is not corrected", () => {
  const message = 'unable to find column "dely"; valid columns: ["carrier"]';
  expect(placePolarsError(error(message), code).suggestion).toBeUndefined();
});
