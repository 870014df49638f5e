import { Job } from "@teatree/shared/contracts/jobs";
import { describe, expect, test } from "vitest";
import { type CellRun, cellStatus, NEVER_RUN, type Outcome } from "./cell-run.ts";
import { createCell, type Target } from "./notebook-document.ts";
import { type NotebookEvent, type NotebookState, openNotebook, reduceNotebook } from "./notebook-state.ts";

function notebook(): NotebookState {
  const cells = ["a", "b", "c"].map((name) => createCell("sql", { name, source: `SELECT '${name}'` }));
  return openNotebook({ title: "t", model: "flights", frontMatter: "", cells });
}
const names = (state: NotebookState) => state.document.cells.map(({ name }) => name);
const keyOf = (state: NotebookState, name: string) =>
  state.document.cells.find((cell) => cell.name === name)?.key ?? "missing";
const after = (state: NotebookState, ...events: NotebookEvent[]) => events.reduce(reduceNotebook, state);

describe("the cells of a notebook", () => {
  test("a new cell stands where it was asked for, has a free name and is edited", () => {
    const start = notebook();
    const above = after(start, { do: "insert", beside: keyOf(start, "b"), side: "above", kind: "sql" });
    expect(names(above)).toEqual(["a", "query", "b", "c"]);
    expect(above.mode).toBe("edit");
    expect(above.selected).toBe(keyOf(above, "query"));
    const below = after(above, { do: "insert", beside: keyOf(above, "c"), side: "below", kind: "sql" });
    expect(names(below)).toEqual(["a", "query", "b", "c", "query_2"]);
  });

  test("a new cell reads where its neighbour reads, but never submits", () => {
    const start = notebook();
    const target: Target = { place: "version", version: 2 };
    const pinned = after(start, { do: "target", key: keyOf(start, "a"), target });
    const beside = after(pinned, { do: "insert", beside: keyOf(pinned, "a"), side: "below", kind: "sql" });
    expect(beside.document.cells[1]?.target).toEqual(target);
    const submit = after(start, { do: "target", key: keyOf(start, "a"), target: { place: "submit" } });
    const besideSubmit = after(submit, {
      do: "insert",
      beside: keyOf(submit, "a"),
      side: "below",
      kind: "sql",
    });
    expect(besideSubmit.document.cells[1]?.target.place).toBe("version");
  });

  test("a deleted cell comes back where it stood, with what was edited elsewhere kept", () => {
    const start = notebook();
    const back = after(
      start,
      { do: "delete", key: keyOf(start, "b") },
      { do: "source", key: keyOf(start, "c"), source: "SELECT 42" },
      { do: "undelete" },
    );
    expect(names(back)).toEqual(["a", "b", "c"]);
    expect(back.document.cells[2]?.source).toBe("SELECT 42");
    expect(after(back, { do: "undelete" })).toBe(back);
  });

  test("deleting selects the next cell, and the last one when the last is deleted", () => {
    const start = notebook();
    const once = after(start, { do: "delete", key: keyOf(start, "b") });
    expect(once.selected).toBe(keyOf(start, "c"));
    expect(after(once, { do: "delete", key: keyOf(start, "c") }).selected).toBe(keyOf(start, "a"));
  });

  test("cells move by one and stop at the ends", () => {
    const start = notebook();
    const down = after(start, { do: "move", key: keyOf(start, "a"), by: 1 });
    expect(names(down)).toEqual(["b", "a", "c"]);
    expect(after(start, { do: "move", key: keyOf(start, "a"), by: -1 })).toBe(start);
  });

  test("switching the target never changes the SQL", () => {
    const start = notebook();
    const key = keyOf(start, "a");
    const switched = after(
      start,
      { do: "target", key, target: { place: "submit" } },
      { do: "target", key, target: { place: "device", version: "latest" } },
    );
    expect(switched.document.cells[0]?.source).toBe("SELECT 'a'");
  });

  test("two cells never bear one name", () => {
    const start = notebook();
    expect(names(after(start, { do: "rename", key: keyOf(start, "b"), name: "a" }))).toEqual([
      "a",
      "a_2",
      "c",
    ]);
    expect(names(after(start, { do: "duplicate", key: keyOf(start, "a") }))).toEqual(["a", "a_2", "b", "c"]);
  });

  test("a cell made Polars runs on the server, keeps its text, and begins with a query when it has none", () => {
    const start = notebook();
    const [a, b] = [keyOf(start, "a"), keyOf(start, "b")];
    const skeleton = "({ tables }) => tables.t";
    const made = after(
      start,
      { do: "target", key: a, target: { place: "device", version: 2 } },
      { do: "source", key: b, source: " " },
      { do: "outcome", key: a, outcome: failed },
      { do: "kind", key: a, kind: "polars", skeleton },
      { do: "kind", key: b, kind: "polars", skeleton },
    );
    const [first, second] = made.document.cells;
    expect(first).toMatchObject({ kind: "polars", name: "a", source: "SELECT 'a'", target: latest });
    expect(second).toMatchObject({ kind: "polars", name: "b", source: skeleton });
    expect(made.runs[a]).toBeUndefined();
    const back = after(made, { do: "kind", key: b, kind: "sql", skeleton });
    expect(back.document.cells[1]).toMatchObject({ kind: "sql", source: "" });
  });

  test("a Polars cell has a name and a place among the others, and comes back with its table when deleted", () => {
    const start = notebook();
    const made = after(start, {
      do: "insert",
      beside: keyOf(start, "a"),
      side: "below",
      kind: "polars",
      source: "x",
    });
    const key = keyOf(made, "frame");
    const writes = { into: "late", mode: "append" as const };
    const back = after(made, { do: "writes", key, writes }, { do: "delete", key }, { do: "undelete" });
    expect(names(back)).toEqual(["a", "frame", "b", "c"]);
    expect(back.document.cells[1]).toMatchObject({ kind: "polars", source: "x", writes, target: latest });
  });

  test("only what is saved counts as an edit", () => {
    const start = notebook();
    const key = keyOf(start, "a");
    const run = after(
      start,
      { do: "running", key, since: 0, note: "", progress: null },
      { do: "select", key },
    );
    expect(run.edits).toBe(0);
    expect(after(run, { do: "source", key, source: "x" }).edits).toBe(1);
  });
});

const result = { columns: [], rowCount: 0 };
const ran = (version: number, source = "s", place: "version" | "device" = "version"): CellRun => ({
  running: null,
  outcome: {
    kind: "result",
    source,
    place,
    version,
    elapsedMs: 1,
    result: { data: result, truncated: false, limit: 1, totalRows: 0 },
  },
});
const failed: Outcome = {
  kind: "error",
  source: "s",
  place: "version",
  error: { code: "sql_error", message: "" },
};
const failedRun: CellRun = { running: null, outcome: failed };
const job = (status: Job["status"], sql: string): Job =>
  Job.parse({
    id: "0190a3c4-5b6d-7e8f-9012-3456789abcde",
    model: "flights",
    modelId: "0190a3c4-5b6d-7e8f-9012-3456789abcdf",
    function: "sql",
    args: { sql },
    status,
    attempts: 1,
    baseVersion: null,
    version: null,
    submittedBy: "local",
    submittedAt: "2026-11-22T11:04:00.000Z",
    startedAt: null,
    finishedAt: null,
    progress: null,
    steps: [],
    notebookId: null,
    retryOf: null,
    traceId: null,
  });
const latest: Target = { place: "version", version: "latest" };
const pinned: Target = { place: "version", version: 2 };
const submit: Target = { place: "submit" };
const device: Target = { place: "device", version: "latest" };

describe("the state of a submitted Polars cell", () => {
  const cell = createCell("polars", {
    source: "s",
    target: submit,
    writes: { into: "late", mode: "replace" },
  });
  const polarsJob = (args: Record<string, unknown>): Job => ({
    ...job("applied", ""),
    function: "polars",
    args,
  });
  test.each([
    ["its code, table and mode are the job's", { code: "s", into: "late", mode: "replace" }, "applied"],
    ["the code was edited", { code: "before", into: "late", mode: "replace" }, "stale"],
    ["another table was chosen", { code: "s", into: "other", mode: "replace" }, "stale"],
    ["it would append now", { code: "s", into: "late", mode: "append" }, "stale"],
    ["the job is of SQL with the same text", { sql: "s" }, "stale"],
  ])("when %s", (_, args, expected) => {
    expect(cellStatus(cell, NEVER_RUN, polarsJob(args), 3)).toBe(expected);
  });
});

describe("the state of a cell", () => {
  test.each([
    ["nothing ran", latest, NEVER_RUN, null, "never"],
    ["it ran on the newest version", latest, ran(3), null, "fresh"],
    ["a newer version came", latest, ran(2), null, "stale"],
    ["it is pinned to the version it ran on", pinned, ran(2), null, "fresh"],
    ["it was pinned to another version", pinned, ran(3), null, "stale"],
    ["the text was edited", latest, ran(3, "before"), null, "stale"],
    ["it ran elsewhere than it would now", device, ran(3), null, "stale"],
    ["it ran on the newest here", device, ran(3, "s", "device"), null, "fresh"],
    ["it failed", latest, failedRun, null, "failed"],
    [
      "it runs again",
      latest,
      { ...ran(3), running: { since: 0, note: "", progress: null } },
      null,
      "running",
    ],
    ["nothing was submitted", submit, ran(3), null, "never"],
    ["the job waits", submit, NEVER_RUN, job("queued", "s"), "queued"],
    ["the job waits while the text is edited", submit, NEVER_RUN, job("queued", "before"), "queued"],
    ["the job was applied", submit, NEVER_RUN, job("applied", "s"), "applied"],
    ["the job failed", submit, NEVER_RUN, job("failed", "s"), "failed"],
    ["the text was edited after the job", submit, NEVER_RUN, job("applied", "before"), "stale"],
  ] as const)("when %s", (_, target, run, withJob, expected) => {
    expect(cellStatus(createCell("sql", { source: "s", target }), run, withJob, 3)).toBe(expected);
  });
});
