import { fenceFor, unclosedFence, writeInfo } from "./fences.ts";
import { writeFrontMatter } from "./front-matter.ts";
import type { Cell, NotebookDocument, Target } from "./notebook-document.ts";
import { CELL_MARK } from "./parse-notebook.ts";

/**
 * Writes the Markdown text that `parseNotebook` reads back to the same cells. Blank lines round a Markdown cell are not
 * kept; a Markdown cell whose own fence is still open is closed, else it would swallow the cells below it.
 */
export function serializeNotebook(document: NotebookDocument): string {
  const blocks = document.cells.map((cell, index) =>
    cell.kind === "sql" ? writeSql(cell) : writeMarkdown(cell, document.cells[index - 1]),
  );
  const head = writeFrontMatter(document.frontMatter, document.title, document.model);
  return [head, ...blocks.map((block) => `${block}\n`)].join("\n");
}

function writeSql(cell: Cell): string {
  const fence = fenceFor(cell.source);
  const attributes: [string, string][] = [
    ["id", cell.name],
    ...writeTarget(cell.target),
    ...Object.entries(cell.others),
  ];
  return `${fence}${writeInfo("sql", attributes)}\n${cell.source}\n${fence}`;
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
