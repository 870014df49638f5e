import { IntentId } from "@teatree/shared/contracts/ids";
import type { NewContent } from "@teatree/shared/control-db/versions";
import { expect, test } from "vitest";
import type { WriterOutcome } from "../writer/protocol.ts";
import { contentOfVersion } from "./content.ts";

const intent = (n: number) => IntentId.parse(`00000000-0000-7000-8000-00000000000${n}`);
const state = (name: string, rows: number, contentHash: string, schemaHash = "s") => ({
  name,
  rows,
  columns: [],
  schemaHash,
  contentHash,
});
const known = (table: string, rows: number, contentHash: string): NewContent => ({
  table,
  rows,
  rowsDelta: 0,
  columns: [],
  schemaHash: "s",
  contentHash,
  changed: true,
  writtenBy: intent(1),
  writtenVersion: 1,
  derivedFrom: ["source"],
  appendedFrom: null,
});
const appended = (id: number, written: string[], others: string[] = []): WriterOutcome => ({
  ...outcome(id, [...written, ...others]),
  appended: written,
});
const outcome = (id: number, written: string[], derivedFrom: string[] = []): WriterOutcome => ({
  intentId: intent(id),
  sequence: id,
  status: "applied",
  changes: [],
  written,
  derivedFrom,
  durationMs: 1,
  replayed: false,
});

test("an unchanged table keeps who wrote it, when, and from what", () => {
  const [row] = contentOfVersion(7, [known("t", 10, "a")], [state("t", 10, "a")], [outcome(2, ["other"])]);
  expect(row).toMatchObject({ changed: false, rowsDelta: 0, writtenBy: intent(1), writtenVersion: 1 });
  expect(row?.derivedFrom).toEqual(["source"]);
});

test("a changed table belongs to the last intent that wrote it", () => {
  const outcomes = [outcome(2, ["t"], ["x"]), outcome(3, ["t"], ["y", "t"]), outcome(4, ["other"])];
  const [row] = contentOfVersion(7, [known("t", 10, "a")], [state("t", 15, "b")], outcomes);
  expect(row).toMatchObject({ changed: true, rowsDelta: 5, writtenBy: intent(3), writtenVersion: 7 });
  expect(row?.derivedFrom).toEqual(["y"]);
});

test("a new table counts its rows from zero", () => {
  const [row] = contentOfVersion(1, [], [state("t", 15, "b")], [outcome(2, ["t"])]);
  expect(row).toMatchObject({ changed: true, rowsDelta: 15, writtenVersion: 1 });
});

test("another schema alone is a change, and a dropped table leaves no row", () => {
  const rows = contentOfVersion(
    2,
    [known("t", 1, "a"), known("gone", 1, "a")],
    [state("t", 1, "a", "s2")],
    [outcome(2, ["t"])],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.changed).toBe(true);
});

test.each<[string, WriterOutcome[], string, number | null]>([
  ["every intent only added to it", [appended(2, ["t"]), appended(3, ["t"])], "s", 10],
  ["another intent wrote it otherwise", [appended(2, ["t"]), outcome(3, ["t"])], "s", null],
  ["one that was replayed says nothing of it", [outcome(2, ["t"])], "s", null],
  ["an intent added to another table", [appended(2, ["other"], ["t"])], "s", null],
  ["its columns changed as well", [appended(2, ["t"])], "s2", null],
  ["nobody says that they wrote it", [outcome(2, [])], "s", null],
])("a table is known to have only got rows behind its others: %s", (_, outcomes, schemaHash, expected) => {
  const [row] = contentOfVersion(7, [known("t", 10, "a")], [state("t", 12, "b", schemaHash)], outcomes);
  expect(row?.appendedFrom).toBe(expected);
});
