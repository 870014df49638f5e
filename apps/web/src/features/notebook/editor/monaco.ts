import * as monaco from "monaco-editor/editor/editor.api";
import "monaco-editor/features/bracketMatching/register";
import "monaco-editor/features/caretOperations/register";
import "monaco-editor/features/clipboard/register";
import "monaco-editor/features/codicon/register";
import "monaco-editor/features/comment/register";
import "monaco-editor/features/cursorUndo/register";
import "monaco-editor/features/find/register";
import "monaco-editor/features/hover/register";
import "monaco-editor/features/indentation/register";
import "monaco-editor/features/linesOperations/register";
import "monaco-editor/features/multicursor/register";
import "monaco-editor/features/placeholderText/register";
import "monaco-editor/features/smartSelect/register";
import "monaco-editor/features/snippet/register";
// The feature of this name brings completion inside the line only; the list comes with its controller.
import "monaco-editor/editor/contrib/suggest/browser/suggestController";
import "monaco-editor/features/suggest/register";
import "monaco-editor/features/toggleTabFocusMode/register";
import "monaco-editor/features/wordHighlighter/register";
import "monaco-editor/features/wordOperations/register";
import { registerSqlLanguage } from "./sql-language.ts";
import { THEME, themeFromTokens } from "./theme-from-tokens.ts";

let ready = false;

/** Monaco with this page's language, theme and worker. Set up at the first call: a bundler may drop what only runs on import. */
export function theMonaco(): typeof monaco {
  if (ready) return monaco;
  ready = true;
  globalThis.MonacoEnvironment = {
    getWorker: () =>
      new Worker(new URL("monaco-editor/editor/editor.worker", import.meta.url), { type: "module" }),
  };
  registerSqlLanguage(monaco);
  applyTheme();
  new MutationObserver(applyTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  // Widths measured before the face has come would put the caret beside its letter.
  void document.fonts.ready.then(() => monaco.editor.remeasureFonts());
  return monaco;
}

function applyTheme() {
  monaco.editor.defineTheme(THEME, themeFromTokens(getComputedStyle(document.documentElement)));
  monaco.editor.setTheme(THEME);
}
