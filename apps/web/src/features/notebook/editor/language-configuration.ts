import type * as Monaco from "monaco-editor/editor/editor.api";

/** What all languages of cells share: brackets, and pairs that close by themselves outside of texts and comments. */
export function languageConfiguration(own: {
  lineComment: string;
  quotes: readonly string[];
  wordPattern: RegExp;
}): Monaco.languages.LanguageConfiguration {
  const brackets: [string, string][] = [
    ["(", ")"],
    ["[", "]"],
    ["{", "}"],
  ];
  return {
    comments: { lineComment: own.lineComment, blockComment: ["/*", "*/"] },
    brackets,
    autoClosingPairs: [
      ...brackets.map(([open, close]) => ({ open, close })),
      ...own.quotes.map((quote) => ({ open: quote, close: quote, notIn: ["string", "comment"] })),
    ],
    wordPattern: own.wordPattern,
  };
}
