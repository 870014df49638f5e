import type * as Monaco from "monaco-editor/editor/editor.api";
import { type Completion, completionsAt } from "../sql/sql-completions.ts";
import { LINE_START, type SqlLineState, tokenizeLine } from "../sql/sql-tokens.ts";
import { catalogOf } from "./catalogs.ts";
import { languageConfiguration } from "./language-configuration.ts";
import { lineStates } from "./line-states.ts";

export const SQL_LANGUAGE = "duckdb";

export function registerSqlLanguage(monaco: typeof Monaco): void {
  monaco.languages.register({ id: SQL_LANGUAGE });
  monaco.languages.setLanguageConfiguration(
    SQL_LANGUAGE,
    languageConfiguration({ lineComment: "--", quotes: ["'", '"'], wordPattern: /[\p{L}_][\p{L}\p{N}_]*/u }),
  );
  monaco.languages.setTokensProvider(SQL_LANGUAGE, lineStates<SqlLineState>(LINE_START, tokenizeLine));
  monaco.languages.registerCompletionItemProvider(SQL_LANGUAGE, {
    triggerCharacters: [".", '"'],
    provideCompletionItems(model, position) {
      const catalog = catalogOf(model);
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
