import type { ContentRow } from "@teatree/shared/control-db/versions";
import { expect, test } from "vitest";
import { presentTables } from "./present.ts";

function table(name: string, writtenVersion: number, derivedFrom: string[] = []): ContentRow {
  return {
    version: 9,
    table: name,
    rows: 1,
    rowsDelta: 0,
    columns: [],
    schemaHash: "",
    contentHash: "",
    changed: false,
    writtenBy: null,
    writtenVersion,
    derivedFrom,
    archiveKey: null,
    archiveBytes: null,
    archiveSha256: null,
  };
}

test("a table is behind when a source was written after it, and only then", () => {
  const tables = presentTables([
    table("raw", 5),
    table("old_summary", 4, ["raw"]),
    table("same_time", 5, ["raw"]),
    table("new_summary", 6, ["raw", "gone"]),
  ]);
  expect(tables.map(({ name, behind }) => [name, behind])).toEqual([
    ["raw", false],
    ["old_summary", true],
    ["same_time", false],
    ["new_summary", false],
  ]);
});
