import type { Job } from "@teatree/shared/contracts/jobs";
import type { ResultSet } from "../results/index.ts";
import { type CellRun, NEVER_RUN, type Outcome } from "./cell-run.ts";
import {
  type Cell,
  type CellKind,
  createCell,
  defaultName,
  freeCellName,
  type NotebookDocument,
  type Target,
  targetForKind,
  type WrittenTable,
} from "./notebook-document.ts";

export type NotebookState = {
  document: NotebookDocument;
  /** Counts edits of what is saved; autosave compares it with the one it saved last. */
  edits: number;
  selected: string | null;
  mode: "command" | "edit";
  runs: Record<string, CellRun>;
  jobs: Record<string, Job>;
  /** Deleted cells with where they stood, last one last. */
  deleted: { cell: Cell; index: number }[];
};

export type NotebookEvent =
  | { do: "open"; document: NotebookDocument }
  | { do: "title"; title: string }
  | { do: "model"; model: string }
  | { do: "source"; key: string; source: string }
  | { do: "rename"; key: string; name: string }
  | { do: "target"; key: string; target: Target }
  | { do: "writes"; key: string; writes: WrittenTable }
  /** `skeleton`: what a Polars cell begins with; never carried into another kind. */
  | { do: "kind"; key: string; kind: CellKind; skeleton?: string }
  | {
      do: "insert";
      beside: string | null;
      side: "above" | "below";
      kind: CellKind;
      source?: string;
      edit?: boolean;
    }
  | { do: "duplicate"; key: string }
  | { do: "delete"; key: string }
  | { do: "undelete" }
  | { do: "move"; key: string; by: -1 | 1 }
  | { do: "select"; key: string | null; mode?: "command" | "edit" }
  | { do: "step"; by: -1 | 1 }
  | { do: "running"; key: string; since: number; note: string; progress: number | null }
  | { do: "stopped"; key: string }
  | { do: "outcome"; key: string; outcome: Outcome }
  | { do: "counted"; key: string; result: ResultSet; totalRows: number }
  | { do: "job"; key: string; job: Job };

export function openNotebook(document: NotebookDocument): NotebookState {
  const selected = document.cells[0]?.key ?? null;
  return { document, edits: 0, selected, mode: "command", runs: {}, jobs: {}, deleted: [] };
}

/** The notebook after an event. Pure but for the keys of new cells. */
export function reduceNotebook(state: NotebookState, event: NotebookEvent): NotebookState {
  switch (event.do) {
    case "open":
      return openNotebook(event.document);
    case "title":
      return edited(state, { ...state.document, title: event.title });
    case "model":
      return edited(state, { ...state.document, model: event.model });
    case "source":
      return editCell(state, event.key, { source: event.source });
    case "target":
      return editCell(state, event.key, { target: event.target });
    case "rename":
      return editCell(state, event.key, { name: freeCellName(event.name, namesBut(state, event.key)) });
    case "kind":
      return changeKind(state, event);
    case "writes":
      return editCell(state, event.key, { writes: event.writes });
    case "insert":
      return insert(state, event);
    case "duplicate":
      return duplicate(state, event.key);
    case "delete":
      return remove(state, event.key);
    case "undelete":
      return undelete(state);
    case "move":
      return move(state, event.key, event.by);
    case "select":
      return { ...state, selected: event.key, mode: event.mode ?? "command" };
    case "step":
      return step(state, event.by);
    default:
      return reduceRun(state, event);
  }
}

type RunEvent = Extract<NotebookEvent, { do: "running" | "stopped" | "outcome" | "counted" | "job" }>;

function reduceRun(state: NotebookState, event: RunEvent): NotebookState {
  if (event.do === "job") return { ...state, jobs: { ...state.jobs, [event.key]: event.job } };
  const run = state.runs[event.key] ?? NEVER_RUN;
  const withRun = (next: CellRun) => ({ ...state, runs: { ...state.runs, [event.key]: next } });
  if (event.do === "counted") {
    const { outcome } = run;
    // The count of a result that another run has replaced meanwhile is of no use.
    if (outcome?.kind !== "result" || outcome.result !== event.result) return state;
    return withRun({
      ...run,
      outcome: { ...outcome, result: { ...event.result, totalRows: event.totalRows } },
    });
  }
  if (event.do === "stopped") return withRun({ ...run, running: null });
  if (event.do === "outcome") return withRun({ running: null, outcome: event.outcome });
  const { since, note, progress } = event;
  return withRun({ ...run, running: { since, note, progress } });
}

function edited(state: NotebookState, document: NotebookDocument): NotebookState {
  return { ...state, document, edits: state.edits + 1 };
}

function withCells(state: NotebookState, cells: Cell[]): NotebookState {
  return edited(state, { ...state.document, cells });
}

function editCell(state: NotebookState, key: string, fields: Partial<Cell>): NotebookState {
  return withCells(
    state,
    state.document.cells.map((cell) => (cell.key === key ? { ...cell, ...fields } : cell)),
  );
}

function namesBut(state: NotebookState, key: string | null): string[] {
  return state.document.cells.filter((cell) => cell.key !== key).map(({ name }) => name);
}

function indexOf(state: NotebookState, key: string | null): number {
  return state.document.cells.findIndex((cell) => cell.key === key);
}

function changeKind(state: NotebookState, event: Extract<NotebookEvent, { do: "kind" }>): NotebookState {
  const { key, kind, skeleton = "" } = event;
  const cell = state.document.cells[indexOf(state, key)];
  if (!cell || cell.kind === kind) return state;
  const untouched = cell.kind === "polars" && cell.source === skeleton;
  const empty = untouched || cell.source.trim() === "";
  const named = cell.kind !== "markdown" && kind !== "markdown";
  const { [key]: _, ...runs } = state.runs;
  const changed = editCell(state, key, {
    kind,
    name: named ? cell.name : defaultName(kind, namesBut(state, key)),
    target: targetForKind(kind, cell.target),
    source: empty ? (kind === "polars" ? skeleton : "") : cell.source,
  });
  // What the text gave in another language says nothing about it in this one.
  return { ...changed, runs };
}

function insert(state: NotebookState, event: Extract<NotebookEvent, { do: "insert" }>): NotebookState {
  const { cells } = state.document;
  const beside = indexOf(state, event.beside);
  const at = beside < 0 ? cells.length : beside + (event.side === "below" ? 1 : 0);
  const name = defaultName(event.kind, namesBut(state, null));
  const target = event.kind === "sql" && cells[beside]?.kind === "sql" ? cells[beside]?.target : undefined;
  // A new cell reads where its neighbour reads, but never begins as one that changes the model.
  const reads = target && target.place !== "submit" ? { target } : {};
  const cell = createCell(event.kind, { name, source: event.source ?? "", ...reads });
  const next = withCells(state, cells.toSpliced(at, 0, cell));
  return { ...next, selected: cell.key, mode: event.edit === false ? "command" : "edit" };
}

function duplicate(state: NotebookState, key: string): NotebookState {
  const at = indexOf(state, key);
  const cell = state.document.cells[at];
  if (!cell) return state;
  const name = cell.kind === "markdown" ? "" : freeCellName(cell.name, namesBut(state, null));
  const copy = createCell(cell.kind, { ...cell, name });
  return { ...withCells(state, state.document.cells.toSpliced(at + 1, 0, copy)), selected: copy.key };
}

function remove(state: NotebookState, key: string): NotebookState {
  const index = indexOf(state, key);
  const cell = state.document.cells[index];
  if (!cell) return state;
  const cells = state.document.cells.toSpliced(index, 1);
  const selected = cells[Math.min(index, cells.length - 1)]?.key ?? null;
  return {
    ...withCells(state, cells),
    deleted: [...state.deleted, { cell, index }],
    selected,
    mode: "command",
  };
}

function undelete(state: NotebookState): NotebookState {
  const last = state.deleted.at(-1);
  if (!last) return state;
  const name = last.cell.kind === "markdown" ? "" : freeCellName(last.cell.name, namesBut(state, null));
  const cells = state.document.cells.toSpliced(last.index, 0, { ...last.cell, name });
  return { ...withCells(state, cells), deleted: state.deleted.slice(0, -1), selected: last.cell.key };
}

function move(state: NotebookState, key: string, by: -1 | 1): NotebookState {
  const from = indexOf(state, key);
  const cell = state.document.cells[from];
  const to = from + by;
  if (!cell || to < 0 || to >= state.document.cells.length) return state;
  return withCells(state, state.document.cells.toSpliced(from, 1).toSpliced(to, 0, cell));
}

function step(state: NotebookState, by: -1 | 1): NotebookState {
  const { cells } = state.document;
  const at = indexOf(state, state.selected);
  const next = cells[Math.min(Math.max(at + by, 0), cells.length - 1)];
  return next ? { ...state, selected: next.key, mode: "command" } : state;
}
