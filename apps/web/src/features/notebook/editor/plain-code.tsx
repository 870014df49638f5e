import { Fragment } from "react";
import { SCROLLABLE } from "../../../ui/scrollable.ts";
import { type TsLineState, type TsToken, type TsTokenKind, tokenizeTsLine } from "../../../ui/ts-tokens.ts";
import type { CellKind } from "../notebook-document.ts";
import {
  LINE_START,
  type SqlLineState,
  type SqlToken,
  type SqlTokenKind,
  tokenizeLine,
} from "../sql/sql-tokens.ts";
import { editorHeight, GUTTER_PX } from "./editor-sizes.ts";

type Kind = SqlTokenKind | TsTokenKind;

const CLASSES: Partial<Record<Kind, string>> = {
  keyword: "font-medium text-syn-kw",
  type: "text-syn-fn",
  function: "text-syn-fn",
  string: "text-syn-str",
  number: "text-syn-num",
  comment: "text-syn-com italic",
};

type Line = { number: number; parts: { text: string; kind: Kind; at: number }[] };

/** Code in the editor's own colours and places: what is read before the editor is loaded, and wherever none is needed. */
export function PlainCode({
  source,
  kind = "sql",
  fixed,
  errorLine,
}: {
  source: string;
  kind?: CellKind;
  fixed?: boolean;
  /** From 1: the line that an error is in. */
  errorLine?: number | undefined;
}) {
  return (
    <pre
      // In the editor's place it lies below a button and never scrolls.
      {...(fixed ? {} : SCROLLABLE)}
      style={fixed ? { height: editorHeight(source) } : undefined}
      className={`rounded-m bg-code py-2 font-mono text-code ${fixed ? "overflow-hidden" : "overflow-auto"}`}
    >
      <code>
        {linesOf(source, kind).map(({ number, parts }) => (
          <span key={number} className={`flex pr-3 ${number === errorLine ? "bg-fail-soft" : ""}`}>
            <span
              aria-hidden="true"
              style={{ width: GUTTER_PX }}
              className={`flex-none pr-3.5 text-right text-micro leading-5 select-none ${number === errorLine ? "font-semibold text-fail" : "text-ink-3"}`}
            >
              {number}
            </span>
            <span className="min-h-5 whitespace-pre">
              {parts.map(({ text, kind, at }) =>
                CLASSES[kind] ? (
                  <span key={at} className={CLASSES[kind]}>
                    {text}
                  </span>
                ) : (
                  <Fragment key={at}>{text}</Fragment>
                ),
              )}
            </span>
          </span>
        ))}
      </code>
    </pre>
  );
}

function linesOf(source: string, kind: CellKind): Line[] {
  const tokenize: (line: string) => { kind: Kind; from: number; to: number }[] =
    kind === "polars"
      ? tokensOfLines<TsLineState, TsToken>("nothing", tokenizeTsLine)
      : tokensOfLines<SqlLineState, SqlToken>(LINE_START, tokenizeLine);
  return source.split("\n").map((text, at) => {
    const parts = tokenize(text).map(({ kind, from, to }) => ({
      kind,
      text: text.slice(from, to),
      at: from,
    }));
    return { number: at + 1, parts };
  });
}

/** Reads one line after the other, each from where the one before ended. */
function tokensOfLines<State, Token>(
  start: State,
  read: (line: string, state: State) => { tokens: Token[]; state: State },
): (line: string) => Token[] {
  let state = start;
  return (line) => {
    const { tokens, state: next } = read(line, state);
    state = next;
    return tokens;
  };
}
