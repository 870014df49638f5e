import { ModelId } from "@teatree/shared/contracts/ids";
import type { ArchivePart } from "@teatree/shared/control-db/archive-parts";
import type { ContentRow } from "@teatree/shared/control-db/versions";
import { assertObjectKey } from "@teatree/shared/object-store/object-store";
import { expect, test } from "vitest";
import {
  ARCHIVE_LIMITS,
  archiveKey,
  planTable,
  recordKey,
  recordOfKey,
  type TablePlan,
  tableSlug,
} from "./archive-plan.ts";

const model = ModelId.parse("00000000-0000-7000-8000-00000000aaaa");

function row(rows: number, overrides: Partial<ContentRow> = {}): ContentRow {
  return {
    version: 2,
    table: "t",
    rows,
    rowsDelta: 0,
    columns: [],
    schemaHash: "s",
    contentHash: "c",
    changed: true,
    writtenBy: null,
    writtenVersion: 1,
    derivedFrom: [],
    appendedFrom: null,
    archiveSeries: null,
    archiveParts: null,
    ...overrides,
  };
}

const LARGE = 40_000_000;
const parts = (...sizes: [rows: number, bytes: number][]): ArchivePart[] =>
  sizes.map(([rows, bytes], index) => ({
    table: "t",
    part: index + 1,
    version: 1,
    key: "k",
    rows,
    bytes,
    sha256: "h",
  }));
const before = (rows: number, count: number, overrides: Partial<ContentRow> = {}) =>
  row(rows, { archiveSeries: 7, archiveParts: count, ...overrides });
const appended = (from: number, rows: number) => row(rows, { appendedFrom: from });
const append = (count: number, skip: number): TablePlan => ({
  kind: "append",
  base: { series: 7, parts: count },
  skip,
});
const whole: TablePlan = { kind: "whole" };
const many = parts([6400, LARGE], ...Array.from({ length: 63 }, (): [number, number] => [1, 100]));

test.each<[string, ContentRow, ContentRow | undefined, ArchivePart[], TablePlan]>([
  ["a new table goes whole", row(5), undefined, [], whole],
  ["a rewritten table goes whole", row(5), before(4, 1), parts([4, LARGE]), whole],
  [
    "rows behind a large table are a part",
    appended(100, 101),
    before(100, 1),
    parts([100, LARGE]),
    append(1, 100),
  ],
  ["and a further one", appended(101, 103), before(101, 2), parts([100, LARGE], [1, 9]), append(2, 101)],
  ["a small table is always one file", appended(100, 101), before(100, 1), parts([100, 1000]), whole],
  [
    "no rows added is no part",
    appended(100, 100),
    before(100, 1),
    parts([100, 1000]),
    { kind: "same", base: { series: 7, parts: 1 } },
  ],
  ["a quarter may be added", appended(100, 125), before(100, 1), parts([100, LARGE]), append(1, 100)],
  ["more goes whole", appended(100, 126), before(100, 1), parts([100, LARGE]), whole],
  [
    "what was added before counts, too",
    appended(120, 126),
    before(120, 2),
    parts([100, LARGE], [20, 9]),
    whole,
  ],
  ["the 64th part is the last", appended(6463, 6464), before(6463, 64), many, whole],
  [
    "another schema goes whole",
    appended(100, 101),
    before(100, 1, { schemaHash: "other" }),
    parts([100, LARGE]),
    whole,
  ],
  ["a version that is not archived goes whole", appended(100, 101), row(100), parts([100, LARGE]), whole],
  ["parts that lack rows go whole", appended(100, 101), before(100, 1), parts([99, LARGE]), whole],
])("%s", (_, table, parent, known, expected) => {
  expect(planTable(table, parent, known, ARCHIVE_LIMITS)).toEqual(expected);
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
  for (const skip of [0, 3_000_000])
    expect(() => assertObjectKey(archiveKey(model, 1, 1, table, skip))).not.toThrow();
});

test("names that look alike after cleaning keep different slugs", () => {
  expect(new Set(["a b", "a-b", "A b", "a  b"].map(tableSlug)).size).toBe(4);
});

test("a record's key says its version and epoch", () => {
  expect(recordOfKey(recordKey(model, 3, 42))).toEqual({ epoch: 3, version: 42 });
  expect(recordOfKey(archiveKey(model, 3, 42, "version.json", 0))).toBeNull();
});
