import { fenceFor, unclosedFence, writeInfo } from "./fences.ts";
import { writeFrontMatter } from "./front-matter.ts";
import type { Cell, NotebookDocument, Target, WrittenTable } from "./notebook-document.ts";
import { CELL_MARK } from "./parse-notebook.ts";

/**
 * Writes the Markdown text that `parseNotebook` reads back to the same cells. Blank lines round a Markdown cell are not
 * kept; a Markdown cell whose own fence is still open is closed, else it would swallow the cells below it.
 */
export function serializeNotebook(document: NotebookDocument): string {
  const blocks = document.cells.map((cell, index) =>
    cell.kind === "markdown" ? writeMarkdown(cell, document.cells[index - 1]) : writeCode(cell),
  );
  const head = writeFrontMatter(document.frontMatter, document.title, document.model);
  return [head, ...blocks.map((block) => `${block}\n`)].join("\n");
}

function writeCode(cell: Cell): string {
  const fence = fenceFor(cell.source);
  const polars = cell.kind === "polars";
  const attributes: [string, string][] = [
    ...(polars ? ([["kind", "polars"]] as [string, string][]) : []),
    ["id", cell.name],
    ...writeTarget(cell.target),
    ...(polars ? writeTable(cell.writes) : []),
    ...Object.entries(cell.others),
  ];
  return `${fence}${writeInfo(polars ? "ts" : "sql", attributes)}\n${cell.source}\n${fence}`;
}

function writeTable({ into, mode }: WrittenTable): [string, string][] {
  const table: [string, string][] = into === "" ? [] : [["into", into]];
  return mode === "append" ? [...table, ["mode", mode]] : table;
}

function writeTarget(target: Target): [string, string][] {
  const place: [string, string] = ["target", target.place];
  if (target.place === "submit" || target.version === "latest") return [place];
  return [place, ["version", String(target.version)]];
}

function writeMarkdown(cell: Cell, before: Cell | undefined): string {
  const source = cell.source.replace(/^(?:[ \t]*\n)+/, "").replace(/\s+$/, "");
  const open = unclosedFence(source);
  const closed = open ? `${source}\n${open.mark.repeat(open.length)}` : source;
  const needsMark = before?.kind === "markdown" || closed === "";
  if (!needsMark) return closed;
  return closed === "" ? CELL_MARK : `${CELL_MARK}\n\n${closed}`;
}
