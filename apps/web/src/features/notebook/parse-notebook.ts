import { closesFence, type Fence, openingFence, parseInfo } from "./fences.ts";
import { readFrontMatter } from "./front-matter.ts";
import {
  type Cell,
  createCell,
  freeCellName,
  type NotebookDocument,
  type Target,
  targetForKind,
} from "./notebook-document.ts";

/** A line that begins a new Markdown cell where none would begin by itself; invisible when rendered. */
export const CELL_MARK = "<!-- cell -->";

/**
 * Reads a notebook's Markdown text. A fence `sql {…}` at the start of a line is an SQL cell, a fence `ts {kind=polars …}` a
 * Polars cell; every other fence, and everything between cells, is Markdown. A fence that nothing closes reaches to the end. Never fails.
 */
export function parseNotebook(
  text: string,
  fallback: { title: string; model: string | null } = { title: "Untitled", model: null },
): NotebookDocument {
  const head = readFrontMatter(text.replace(/\r\n?/g, "\n"));
  return {
    title: head.title ?? fallback.title,
    model: head.model ?? fallback.model,
    frontMatter: head.raw,
    cells: nameCells(readCells(head.rest.split("\n"))),
  };
}

function readCells(lines: string[]): Cell[] {
  const cells: Cell[] = [];
  let prose: string[] = [];
  let marked = false;
  let open: Fence | null = null;
  const flush = () => {
    const source = prose
      .join("\n")
      .replace(/^(?:[ \t]*\n)+/, "")
      .replace(/\s+$/, "");
    if (source !== "" || marked) cells.push(createCell("markdown", { source }));
    prose = [];
    marked = false;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (open) {
      if (closesFence(open, line)) open = null;
      prose.push(line);
      continue;
    }
    const fence = openingFence(line);
    const end = fence ? endOfFence(fence, lines, at + 1) : at;
    const cell = fence ? codeCell(fence, lines.slice(at + 1, end)) : null;
    if (cell) {
      flush();
      cells.push(cell);
      at = end;
    } else if (line.trim() === CELL_MARK) {
      flush();
      marked = true;
    } else {
      open = fence;
      prose.push(line);
    }
  }
  flush();
  return cells;
}

function endOfFence(fence: Fence, lines: string[], from: number): number {
  for (let at = from; at < lines.length; at += 1) if (closesFence(fence, lines[at] ?? "")) return at;
  return lines.length;
}

function codeCell(fence: Fence, lines: string[]): Cell | null {
  const info = fence.indented ? null : parseInfo(fence.info);
  if (!info) return null;
  const { id = "", target, version, ...others } = Object.fromEntries(info.attributes);
  const read = { name: id, source: lines.join("\n"), target: readTarget(target, version) };
  if (info.language === "sql") return createCell("sql", { ...read, others });
  const { kind, into = "", mode, ...rest } = others;
  if (info.language !== "ts" || kind !== "polars") return null;
  return createCell("polars", {
    ...read,
    target: targetForKind("polars", read.target),
    writes: { into, mode: mode === "append" ? "append" : "replace" },
    others: rest,
  });
}

function readTarget(place: string | undefined, version: string | undefined): Target {
  const number = version !== undefined && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : "latest";
  if (place === "submit") return { place: "submit" };
  return { place: place === "device" ? "device" : "version", version: number };
}

/** Names are unique within a notebook: what a cell produced is kept and linked under its name. */
function nameCells(cells: Cell[]): Cell[] {
  const taken: string[] = [];
  return cells.map((cell) => {
    if (cell.kind === "markdown") return cell;
    const name = freeCellName(cell.name, taken);
    taken.push(name);
    return { ...cell, name };
  });
}
