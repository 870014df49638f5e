import { POLARS_SURFACE, polarsReference } from "@teatree/shared/polars/surface";
import { expect, test } from "vitest";
import { countMembers, narrowed, SECTIONS } from "./sections.ts";

test("every class has its section, and every way to call a member is shown once", () => {
  expect(new Set(SECTIONS.map(({ id }) => id))).toEqual(new Set(POLARS_SURFACE.map(({ name }) => name)));
  const shown = SECTIONS.flatMap(({ members }) => members.flatMap(({ signatures }) => signatures));
  expect(shown).toHaveLength(polarsReference().length);
});

test("types that pl has stand with the data types", () => {
  const [first] = SECTIONS;
  const last = SECTIONS.at(-1);
  expect(first?.members.map(({ name }) => name)).toContain("pl.col");
  expect(first?.members.map(({ name }) => name)).not.toContain("pl.Int64");
  expect(last?.members.map(({ name }) => name)).toEqual(expect.arrayContaining(["pl.Int64", "pl.List"]));
});

test.each([
  ["groupby", "LazyFrame", "groupBy"],
  ["expr.str", "ExprStr", "contains"],
  ["LAZYGROUPBY one row", "LazyGroupBy", "agg"],
])("%s finds %s.%s", (filter, id, name) => {
  const found = SECTIONS.map((section) => narrowed(section, filter)).find((section) => section.id === id);
  expect(found?.members.map((member) => member.name)).toContain(name);
});

test("a word that stands nowhere leaves nothing, and an empty filter everything", () => {
  expect(countMembers(SECTIONS.map((section) => narrowed(section, "scanParquet")))).toBe(0);
  expect(countMembers(SECTIONS.map((section) => narrowed(section, " ")))).toBe(countMembers(SECTIONS));
});
