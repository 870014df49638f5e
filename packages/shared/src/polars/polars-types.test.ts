import { expect, test } from "vitest";
import { polarsTypes } from "./polars-types.ts";
import { TYPE_ALIASES } from "./surface/aliases.ts";
import { POLARS_SURFACE, polarsReference } from "./surface.ts";

const builtIn = new Set("Promise Record Date RegExp Transform Given Tables Polars".split(" "));

test("the editor's types name nothing that they do not declare", () => {
  const known = new Set([
    ...POLARS_SURFACE.map(({ name }) => name),
    ...Object.keys(TYPE_ALIASES),
    ...builtIn,
  ]);
  const used = POLARS_SURFACE.flatMap(({ members }) => members.flatMap(({ signatures }) => signatures))
    .concat(Object.values(TYPE_ALIASES))
    .flatMap(
      (text) =>
        text
          .replace(/"[^"]*"/g, "")
          .replace(/pl\.\w+/g, "")
          .match(/\b[A-Z]\w*/g) ?? [],
    );
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});

test("tables are declared with their columns, those of other models below their schema", () => {
  const text = polarsTypes({
    flights: [{ name: "delay */ x", type: "INTEGER" }],
    "sales.orders": [{ name: "id", type: "BIGINT" }],
  });
  expect(text).toContain('/** delay * / x INTEGER */\n  readonly "flights": LazyFrame;');
  expect(text).toMatch(/readonly "sales": \{\s+\/\*\* id BIGINT \*\/\s+readonly "orders": LazyFrame;/);
});

test("the reference has a line for each way to call a method", () => {
  expect(polarsReference()).toContainEqual({
    className: "LazyFrame",
    name: "filter",
    signature: "filter(predicate: Column): LazyFrame",
    doc: "Keeps the rows for which the expression is true.",
  });
});

test("what touches files, the process or callbacks is nowhere", () => {
  const names = POLARS_SURFACE.flatMap(({ members }) => members.map(({ name }) => name));
  const forbidden =
    /^(read|scan|write|sink)[A-Z]|^(SQLContext|serialize|deserialize|toJSON|inner|Config|map|mapElements|apply|fold)$/;
  expect(names.filter((name) => forbidden.test(name))).toEqual([]);
});
