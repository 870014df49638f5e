import type { editor } from "monaco-editor/editor/editor.api";

export const THEME = "teatree";

type Tokens = Pick<CSSStyleDeclaration, "getPropertyValue">;

/** Monaco's theme from the page's colour tokens; made again when the theme changes. */
export function themeFromTokens(tokens: Tokens): editor.IStandaloneThemeData {
  const colour = (name: string) => tokens.getPropertyValue(`--${name}`).trim();
  const bare = (name: string) => colour(name).replace("#", "");
  const dark = tokens.getPropertyValue("color-scheme").trim() === "dark";
  const ink = colour("ink");
  const brackets = Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, ink]),
  );
  return {
    base: dark ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      { token: "", foreground: bare("ink") },
      { token: "keyword", foreground: bare("syn-kw"), fontStyle: "bold" },
      { token: "type", foreground: bare("syn-type") },
      { token: "function", foreground: bare("syn-fn") },
      { token: "string", foreground: bare("syn-str") },
      { token: "number", foreground: bare("syn-num") },
      { token: "comment", foreground: bare("syn-com"), fontStyle: "italic" },
    ],
    colors: {
      ...brackets,
      "editor.background": colour("code"),
      "editor.foreground": ink,
      "editorLineNumber.foreground": colour("ink-3"),
      "editorLineNumber.activeForeground": colour("ink-2"),
      "editorCursor.foreground": colour("ink"),
      "editor.selectionBackground": colour("leaf-line"),
      "editor.inactiveSelectionBackground": colour("press"),
      "editor.lineHighlightBackground": "#00000000",
      "editor.lineHighlightBorder": "#00000000",
      "editorBracketMatch.background": colour("press"),
      "editorBracketMatch.border": colour("control"),
      "editor.wordHighlightBackground": colour("press"),
      "editor.findMatchBackground": colour("stale-soft"),
      "editor.findMatchHighlightBackground": colour("mod-soft"),
      "editorError.foreground": colour("fail"),
      "editorWidget.background": colour("raised"),
      "editorWidget.foreground": colour("ink"),
      "editorWidget.border": colour("line"),
      "editorSuggestWidget.background": colour("raised"),
      "editorSuggestWidget.foreground": colour("ink"),
      "editorSuggestWidget.border": colour("line"),
      "editorSuggestWidget.selectedBackground": colour("leaf-soft"),
      "editorSuggestWidget.selectedForeground": colour("ink"),
      "editorSuggestWidget.highlightForeground": colour("leaf-ink"),
      "editorSuggestWidget.focusHighlightForeground": colour("leaf-ink"),
      "symbolIcon.methodForeground": colour("ink-2"),
      "symbolIcon.functionForeground": colour("ink-2"),
      "editorHoverWidget.background": colour("raised"),
      "editorHoverWidget.border": colour("line"),
      "input.background": colour("paper"),
      "input.foreground": colour("ink"),
      "input.border": colour("control"),
      focusBorder: colour("leaf"),
      "scrollbarSlider.background": `${colour("control")}55`,
      "scrollbarSlider.hoverBackground": `${colour("control")}88`,
      "scrollbarSlider.activeBackground": `${colour("control")}aa`,
      "list.hoverBackground": colour("hover"),
    },
  };
}
