import type * as Monaco from "monaco-editor/editor/editor.api";
import { type Catalog, type Completion, completionsAt } from "../sql/sql-completions.ts";
import { LINE_START, type SqlLineState, tokenizeLine } from "../sql/sql-tokens.ts";

export const SQL_LANGUAGE = "duckdb";

/** Catalog of the model that a text belongs to, by the text's address. */
const catalogs = new Map<string, () => Catalog>();

/** Says which catalog completion in this text reads. Returns what forgets it. */
export function offerCatalog(address: string, catalog: () => Catalog): () => void {
  catalogs.set(address, catalog);
  return () => catalogs.delete(address);
}

export function registerSqlLanguage(monaco: typeof Monaco): void {
  monaco.languages.register({ id: SQL_LANGUAGE });
  monaco.languages.setLanguageConfiguration(SQL_LANGUAGE, {
    comments: { lineComment: "--", blockComment: ["/*", "*/"] },
    brackets: [
      ["(", ")"],
      ["[", "]"],
      ["{", "}"],
    ],
    autoClosingPairs: [
      { open: "(", close: ")" },
      { open: "[", close: "]" },
      { open: "{", close: "}" },
      { open: "'", close: "'", notIn: ["string", "comment"] },
      { open: '"', close: '"', notIn: ["string", "comment"] },
    ],
    wordPattern: /[\p{L}_][\p{L}\p{N}_]*/u,
  });
  monaco.languages.setTokensProvider(SQL_LANGUAGE, {
    getInitialState: () => lineState(LINE_START),
    tokenize(line, before) {
      const read = tokenizeLine(line, before instanceof LineState ? before.state : LINE_START);
      return {
        tokens: read.tokens.map(({ kind, from }) => ({ startIndex: from, scopes: kind })),
        endState: lineState(read.state),
      };
    },
  });
  monaco.languages.registerCompletionItemProvider(SQL_LANGUAGE, {
    triggerCharacters: [".", '"'],
    provideCompletionItems(model, position) {
      const catalog = catalogs.get(model.uri.toString())?.();
      if (!catalog) return { suggestions: [] };
      const word = model.getWordUntilPosition(position);
      const range = new monaco.Range(
        position.lineNumber,
        word.startColumn,
        position.lineNumber,
        word.endColumn,
      );
      const items = completionsAt(model.getValue(), model.getOffsetAt(position), catalog);
      return { suggestions: items.map((item) => suggestion(monaco, item, range)) };
    },
  });
}

function suggestion(
  monaco: typeof Monaco,
  { kind, label, insert, detail, rank }: Completion,
  range: Monaco.IRange,
): Monaco.languages.CompletionItem {
  const { CompletionItemKind } = monaco.languages;
  const kinds = {
    column: CompletionItemKind.Field,
    table: CompletionItemKind.Struct,
    alias: CompletionItemKind.Variable,
    function: CompletionItemKind.Function,
    keyword: CompletionItemKind.Keyword,
  };
  return {
    label: { label, description: detail },
    kind: kinds[kind],
    insertText: kind === "function" ? `${insert}($0)` : insert,
    insertTextRules:
      kind === "function" ? monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet : undefined,
    filterText: label,
    sortText: `${rank}${label.toLowerCase()}`,
    range,
  };
}

/** Monaco compares and copies states by method. */
class LineState implements Monaco.languages.IState {
  readonly state: SqlLineState;
  constructor(state: SqlLineState) {
    this.state = state;
  }
  clone(): LineState {
    return this;
  }
  equals(other: Monaco.languages.IState): boolean {
    return other instanceof LineState && JSON.stringify(other.state) === JSON.stringify(this.state);
  }
}

function lineState(state: SqlLineState): LineState {
  return new LineState(state);
}
