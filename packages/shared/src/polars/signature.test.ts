import { expect, test } from "vitest";
import { callShape } from "./signature.ts";
import { method, property } from "./surface/member.ts";

const classes = new Set(["Expr", "Series", "LazyFrame", "DataType"]);

test("a signature tells classes, literals and results", () => {
  expect(
    callShape(method("over", "", "(by: Column, value?: IntoExpr, ...rest: Expr[]): LazyFrame"), classes),
  ).toEqual({
    parameters: [
      { name: "by", classes: new Set(["Expr"]), literal: false },
      { name: "value", classes: new Set(["Expr", "Series"]), literal: true },
    ],
    rest: { name: "rest", classes: new Set(["Expr"]), only: "Expr", literal: false },
    returns: new Set(["LazyFrame"]),
  });
});

test("several signatures are laid over one another", () => {
  const { parameters } = callShape(
    method("a", "", "(value: Expr): Expr", "(options: { a: Series; b?: [number, string] }, n: number): Expr"),
    classes,
  );
  expect(parameters.map(({ classes, only }) => [[...classes], only])).toEqual([
    [["Expr", "Series"], undefined],
    [[], undefined],
  ]);
});

test("a property has no parameters", () => {
  expect(callShape(property("schema", "", "Record<string, DataType>"), classes)).toEqual({
    parameters: [],
    returns: new Set(["DataType"]),
  });
});
