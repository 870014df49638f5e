/** Where a cell runs. Switching it never touches the SQL. `latest` follows the model's current version. */
export type Target =
  | { place: "version"; version: number | "latest" }
  | { place: "device"; version: number | "latest" }
  | { place: "submit" };

export type CellKind = "sql" | "polars" | "markdown";

/** The table that a submitted Polars cell writes. An empty name: not chosen yet. */
export type WrittenTable = { into: string; mode: "replace" | "append" };

export type Cell = {
  /** Stays the same while the page is open, through renames and moves; not written to the text. */
  key: string;
  kind: CellKind;
  /** The name people see and the `id` in the text. Empty for Markdown cells. */
  name: string;
  source: string;
  target: Target;
  /** Of Polars cells only: SQL names its tables itself. */
  writes: WrittenTable;
  /** Attributes of the fence that this release does not know; written back as they were. */
  others: Record<string, string>;
};

export type NotebookDocument = {
  title: string;
  model: string | null;
  /** YAML between the `---` lines as it was read, so that keys and comments of others survive. */
  frontMatter: string;
  cells: Cell[];
};

/** Words of people for the kinds. */
export const KIND_WORDS: Record<CellKind, string> = { sql: "SQL", polars: "Polars", markdown: "Markdown" };

const LATEST_VERSION: Target = { place: "version", version: "latest" };

let lastKey = 0;

/** A key that no other cell of this page has. */
function nextCellKey(): string {
  lastKey += 1;
  return `c${lastKey}`;
}

export function createCell(
  kind: CellKind,
  fields: Partial<Pick<Cell, "name" | "source" | "target" | "writes" | "others">> = {},
): Cell {
  return {
    key: nextCellKey(),
    kind,
    name: fields.name ?? "",
    source: fields.source ?? "",
    target: fields.target ?? LATEST_VERSION,
    writes: fields.writes ?? { into: "", mode: "replace" },
    others: fields.others ?? {},
  };
}

/** A name of the shape the text's `id=` can hold without quotes, unlike every name in `taken`. */
export function freeCellName(wished: string, taken: readonly string[]): string {
  const base =
    wished
      .trim()
      .replace(/[^\p{L}\p{N}_-]+/gu, "_")
      .replace(/^_+|_+$/g, "") || "query";
  if (!taken.includes(base)) return base;
  const stem = base.replace(/_\d+$/, "");
  let number = 2;
  while (taken.includes(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** What a cell of a kind is called until it gets a name. Texts have none. */
export function defaultName(kind: CellKind, taken: readonly string[]): string {
  return kind === "markdown" ? "" : freeCellName(kind === "polars" ? "frame" : "query", taken);
}

/** Where a cell of this kind can run: Polars runs on the server, on the current version. */
export function targetForKind(kind: CellKind, target: Target): Target {
  return kind === "polars" && target.place !== "submit" ? LATEST_VERSION : target;
}

/** Whether the notebook asks, by `run: open` in its front matter, that cells which read run when it is opened. */
export function runsWhenOpened({ frontMatter }: Pick<NotebookDocument, "frontMatter">): boolean {
  return /^run:[ \t]*["']?open["']?[ \t]*(?:#.*)?$/m.test(frontMatter);
}
