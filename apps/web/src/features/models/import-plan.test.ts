import { describe, expect, test } from "vitest";
import { fileProblem, modelNameProblem, tableNameFor } from "./import-plan.ts";

describe("the table name offered for a file", () => {
  test.each([
    ["flights-3m.parquet", "flights_3m"],
    ["My Flights (2).csv", "my_flights_2"],
    ["Überstunden.CSV", "uberstunden"],
    ["2024.json", "t_2024"],
    ["日本.csv", "data"],
    [".csv", "data"],
  ])("%s gives %s", (filename, table) => expect(tableNameFor(filename)).toBe(table));
});

describe("a file before it is sent", () => {
  test.each([
    ["a.csv", 10, undefined],
    ["a.tsv", 10, undefined],
    ["a.xlsx", 10, "cannot be read"],
    ["a.arrow", 10, "cannot be read"],
    ["a.csv", 0, "empty"],
    ["a.csv", 2000, "larger than the limit of 1 KB"],
  ])("%s of %d bytes: %s", (name, size, problem) => {
    const found = fileProblem({ name, size }, 1000, "1 KB");
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});

test.each([
  ["flights", [], true],
  ["flights", ["flights"], false],
  ["Flights", [], false],
  ["", [], false],
  ["1st", [], false],
])("the model name %j beside %j is good: %s", (name, taken, good) => {
  expect(modelNameProblem(name, taken) === undefined).toBe(good);
});
