import { ModelId } from "@teatree/shared/contracts/ids";
import type { ContentRow } from "@teatree/shared/control-db/versions";
import { assertObjectKey } from "@teatree/shared/object-store/object-store";
import { expect, test } from "vitest";
import { archiveKey, planArchive, tableSlug } from "./archive-plan.ts";

const row = (table: string, overrides: Partial<ContentRow> = {}): ContentRow => ({
  version: 2,
  table,
  rows: 1,
  rowsDelta: 0,
  columns: [],
  schemaHash: "s",
  contentHash: "c",
  changed: false,
  writtenBy: null,
  writtenVersion: 1,
  derivedFrom: [],
  archiveKey: null,
  archiveBytes: null,
  archiveSha256: null,
  ...overrides,
});
const stored = { archiveKey: "k", archiveBytes: 5, archiveSha256: "h" };

test.each([
  ["a changed table is exported", row("t", { changed: true }), row("t", stored), "exported"],
  ["an unchanged table is reused", row("t"), row("t", stored), "reused"],
  ["an unchanged table whose object is missing is exported", row("t"), row("t"), "exported"],
  ["a table of a first version is exported", row("t", { changed: true }), null, "exported"],
  [
    "a changed table that was exported before a crash is not again",
    row("t", { changed: true, ...stored }),
    null,
    "reused",
  ],
] as const)("%s", (_, table, parent, expected) => {
  const plan = planArchive([table], parent ? [parent] : []);
  expect(plan[expected].map((each) => each.table)).toEqual(["t"]);
});

test.each([
  ["flights", "flights"],
  ["Flights", /^flights-[0-9a-f]{8}$/],
  ["a b", /^a-b-[0-9a-f]{8}$/],
  ["../../etc", /^etc-[0-9a-f]{8}$/],
  ["航班", /^table-[0-9a-f]{8}$/],
  ["x".repeat(255), /^x{60}-[0-9a-f]{8}$/],
])("the table %s has the slug %s", (table, slug) => {
  expect(tableSlug(table)).toMatch(slug);
  const model = ModelId.parse("00000000-0000-7000-8000-00000000aaaa");
  expect(() => assertObjectKey(archiveKey(model, 1, 1, table))).not.toThrow();
});

test("names that look alike after cleaning keep different slugs", () => {
  expect(new Set(["a b", "a-b", "A b", "a  b"].map(tableSlug)).size).toBe(4);
});
