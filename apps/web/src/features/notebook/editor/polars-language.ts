import type * as Monaco from "monaco-editor/editor/editor.api";
// Signature help is of use only here; it comes with this language.
import "monaco-editor/features/parameterHints/register";
import { type TsLineState, tokenizeTsLine } from "../../../ui/ts-tokens.ts";
import type { Catalog } from "../sql/sql-completions.ts";
import { typeClient } from "../types/type-client.ts";
import { catalogOf } from "./catalogs.ts";
import { languageConfiguration } from "./language-configuration.ts";
import { lineStates } from "./line-states.ts";

export const POLARS_LANGUAGE = "polars";

let registered = false;

/** TypeScript with Polars, in Monaco: colours from this page, everything that needs types from the worker. */
export function registerPolarsLanguage(monaco: typeof Monaco): void {
  if (registered) return;
  registered = true;
  monaco.languages.register({ id: POLARS_LANGUAGE });
  monaco.languages.setLanguageConfiguration(
    POLARS_LANGUAGE,
    languageConfiguration({
      lineComment: "//",
      quotes: ["'", '"', "`"],
      wordPattern: /[\p{L}_$][\p{L}\p{N}_$]*/u,
    }),
  );
  monaco.languages.setTokensProvider(POLARS_LANGUAGE, lineStates<TsLineState>("nothing", tokenizeTsLine));
  monaco.languages.registerCompletionItemProvider(POLARS_LANGUAGE, {
    triggerCharacters: [".", '"', "'"],
    async provideCompletionItems(model, position) {
      const word = model.getWordUntilPosition(position);
      const { lineNumber } = position;
      const range = new monaco.Range(lineNumber, word.startColumn, lineNumber, word.endColumn);
      const before = model.getLineContent(lineNumber).slice(0, position.column - 1);
      if (isInString(before)) return { suggestions: columns(monaco, catalogOf(model), range) };
      const code = model.getValue();
      const offset = model.getOffsetAt(position);
      const called = /^\s*\(/.test(model.getLineContent(lineNumber).slice(word.endColumn - 1));
      const found = await typeClient()
        .complete(code, offset)
        .catch(() => []);
      const suggestions = found.map(({ name, kind, sortText }) => {
        const calls = ["method", "function", "local function"].includes(kind);
        return {
          label: name,
          kind: kindOf(monaco, kind),
          sortText,
          range,
          insertText: calls && !called ? `${name}($0)` : name,
          insertTextRules: calls ? monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet : undefined,
          command:
            calls && !called ? { id: "editor.action.triggerParameterHints", title: "Parameters" } : undefined,
          code,
          offset,
        };
      });
      return { suggestions };
    },
    async resolveCompletionItem(item) {
      if (!("code" in item && "offset" in item && typeof item.label === "string")) return item;
      const said = await typeClient()
        .describe(String(item.code), Number(item.offset), item.label)
        .catch(() => null);
      if (!said) return item;
      // `(method) LazyFrame.groupBy(…)`: what it is the icon says, and whose it is stands before the dot.
      const detail = said.signature.replace(/^\([\w ]+\) (?:[\w$]+\.)?/, "");
      return { ...item, detail, documentation: { value: said.doc } };
    },
  });
  monaco.languages.registerHoverProvider(POLARS_LANGUAGE, {
    async provideHover(model, position) {
      const said = await typeClient()
        .hover(model.getValue(), model.getOffsetAt(position))
        .catch(() => null);
      if (!said || model.isDisposed()) return null;
      const [from, to] = [model.getPositionAt(said.from), model.getPositionAt(said.to)];
      return {
        range: monaco.Range.fromPositions(from, to),
        contents: [{ value: `\`\`\`${POLARS_LANGUAGE}\n${said.signature}\n\`\`\`` }, { value: said.doc }],
      };
    },
  });
  monaco.languages.registerSignatureHelpProvider(POLARS_LANGUAGE, {
    signatureHelpTriggerCharacters: ["(", ","],
    signatureHelpRetriggerCharacters: [")"],
    async provideSignatureHelp(model, position) {
      const said = await typeClient()
        .signatures(model.getValue(), model.getOffsetAt(position))
        .catch(() => null);
      if (!said) return null;
      return {
        value: {
          activeSignature: said.active,
          activeParameter: said.argument,
          signatures: said.items.map(({ label, doc, parameters }) => ({
            label,
            documentation: { value: doc },
            parameters: parameters.map((text) => ({ label: text })),
          })),
        },
        dispose: () => undefined,
      };
    },
  });
}

/** Whether a line up to the caret ends inside a quoted text: there the names of columns are offered. */
function isInString(before: string): boolean {
  const last = tokenizeTsLine(before, "nothing").tokens.at(-1);
  const text = last?.kind === "string" ? before.slice(last.from) : "";
  return text !== "" && (text.length === 1 || text.at(-1) !== text[0]);
}

function columns(
  monaco: typeof Monaco,
  catalog: Catalog | undefined,
  range: Monaco.IRange,
): Monaco.languages.CompletionItem[] {
  const tables = catalog?.tables ?? [];
  const places = new Map<string, string[]>();
  for (const table of tables) {
    for (const { name, type } of table.columns) {
      const where = tables.length > 1 ? `${table.name} ${type}` : type;
      places.set(name, [...(places.get(name) ?? []), where]);
    }
  }
  return [...places].map(([name, where]) => ({
    label: { label: name, description: where.join(", ") },
    kind: monaco.languages.CompletionItemKind.Field,
    insertText: name,
    filterText: name,
    range,
  }));
}

function kindOf(monaco: typeof Monaco, kind: string): Monaco.languages.CompletionItemKind {
  const { CompletionItemKind } = monaco.languages;
  const kinds: Record<string, Monaco.languages.CompletionItemKind> = {
    method: CompletionItemKind.Method,
    function: CompletionItemKind.Function,
    property: CompletionItemKind.Field,
    keyword: CompletionItemKind.Keyword,
    interface: CompletionItemKind.Interface,
    type: CompletionItemKind.Interface,
    string: CompletionItemKind.Value,
  };
  return kinds[kind] ?? CompletionItemKind.Variable;
}
