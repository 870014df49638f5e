import type { Token } from "./lexer.ts";
import { isName, isSign, wordAt } from "./pieces.ts";

/** A table as a statement names it, `parts` from catalog to name. */
export type TableRef = { parts: string[]; index: number };
export type TableRefs = {
  /** Tables and views that are read; names of CTEs and, rarely, of columns are among them. */
  reads: TableRef[];
  /** Text literals that stand where a table belongs: DuckDB would read a file of that name. */
  literals: Token[];
};

type Frame = { list: boolean; expecting: boolean; collect: boolean; select: boolean; isCase?: boolean };

// Reserved words only: one that may be an alias (`FROM t set, 'file'`) must not end the list.
const ENDS_LIST = new Set(
  "where group having order limit offset window qualify select returning when fetch".split(" "),
);
const BEFORE_VALUES = new Set("union all distinct intersect except name as".split(" "));
const BEFORE_OBJECT = new Set(
  "create temp temporary local global unlogged replace drop alter on truncate macro function".split(" "),
);
const TURNING_VERBS = new Set(["pivot", "unpivot", "pivot_wider", "pivot_longer", "summarize"]);
const SHOWING_VERBS = new Set(["describe", "desc", "show"]);
const FROM_IN_CALL = new Set(["extract", "substring", "trim", "overlay", "position"]);

/**
 * Finds every place of a statement where a table is read, by the grammar of FROM lists. Needed because DuckDB's own
 * getTableNames says nothing about INSERT, UPDATE, DELETE, MERGE and PIVOT.
 */
export function tableRefs(tokens: readonly Token[]): TableRefs {
  const found: TableRefs = { reads: [], literals: [] };
  const frames: Frame[] = [{ list: false, expecting: false, collect: true, select: true }];
  let index = 0;
  while (index < tokens.length) {
    const frame = frames.at(-1);
    const token = tokens[index];
    if (!frame || !token) break;
    if (token.kind === "sign") {
      sign(token.text, tokens, index, frames, frame);
      index += 1;
      continue;
    }
    const word = wordAt(tokens, index);
    const named = isSign(tokens[index - 1], ".");
    if (!named && (word === "case" || (word === "end" && frame.isCase))) {
      // Between CASE and END the words of other clauses mean something else.
      if (word === "end") frames.pop();
      else frames.push({ list: false, expecting: false, collect: true, select: true, isCase: true });
      index += 1;
      continue;
    }
    if (!named && word !== undefined && keyword(word, tokens, index, frame)) {
      index += 1;
      continue;
    }
    if (frame.expecting) index = expected(tokens, index, frame, found);
    else index += 1;
  }
  return found;
}

function sign(text: string, tokens: readonly Token[], index: number, frames: Frame[], frame: Frame): void {
  if (text === "(" || text === "[" || text === "{") {
    const callee = wordAt(tokens, index - 1);
    const call = isName(tokens[index - 1]) && !frame.expecting;
    const inCall = call && callee !== undefined && FROM_IN_CALL.has(callee);
    frames.push({
      list: frame.expecting && text === "(",
      expecting: frame.expecting && text === "(",
      collect: frame.collect && callee !== "using",
      select: !inCall,
    });
    frame.expecting = false;
  } else if (text === ")" || text === "]" || text === "}") {
    while (frames.length > 2 && frames.at(-1)?.isCase) frames.pop();
    if (frames.length > 1) frames.pop();
  } else if (text === "," && frame.list) {
    frame.expecting = true;
    frame.collect = true;
  }
}

/** True when the word was a keyword that steers; a table may follow or no longer follow. */
function keyword(word: string, tokens: readonly Token[], index: number, frame: Frame): boolean {
  const before = wordAt(tokens, index - 1);
  if (word === "from") {
    const distinctFrom =
      before === "distinct" &&
      (wordAt(tokens, index - 2) === "is" ||
        (wordAt(tokens, index - 2) === "not" && wordAt(tokens, index - 3) === "is"));
    if (distinctFrom || !frame.select) return true;
    return open(frame);
  }
  if (word === "join" || word === "using") return open(frame);
  if (word === "table" && !BEFORE_OBJECT.has(before ?? "")) return open(frame);
  const begins = index === 0 || isSign(tokens[index - 1], "(") || before === "as";
  if (TURNING_VERBS.has(word) || (SHOWING_VERBS.has(word) && begins)) {
    const list = frame.list;
    open(frame);
    frame.list = list;
    return true;
  }
  if (word === "update") {
    open(frame);
    frame.list = false;
    return true;
  }
  if (word === "values") {
    const begins = frame.expecting || before === undefined || BEFORE_VALUES.has(before);
    if (begins) frame.list = false;
    frame.expecting = false;
    return begins;
  }
  if (word === "on") {
    frame.expecting = false;
    return true;
  }
  if (word === "lateral" || word === "only") return frame.expecting;
  if (ENDS_LIST.has(word)) {
    if (word === "select") frame.select = true;
    frame.list = false;
    frame.expecting = false;
    return true;
  }
  return false;
}

function open(frame: Frame): true {
  frame.list = true;
  frame.expecting = true;
  frame.collect = true;
  return true;
}

function expected(tokens: readonly Token[], index: number, frame: Frame, found: TableRefs): number {
  const token = tokens[index];
  if (!token) return index + 1;
  if (token.kind === "string") {
    found.literals.push(token);
    frame.expecting = false;
    return index + 1;
  }
  if (!isName(token)) return index + 1;
  // `alias: table` names the alias first.
  if (isSign(tokens[index + 1], ":") && !isSign(tokens[index + 2], ":")) return index + 2;
  const parts = [token.text];
  let next = index + 1;
  while (isSign(tokens[next], ".") && isName(tokens[next + 1])) {
    parts.push(tokens[next + 1]?.text ?? "");
    next += 2;
  }
  frame.expecting = false;
  if (!isSign(tokens[next], "(") && frame.collect) found.reads.push({ parts, index });
  return next;
}
