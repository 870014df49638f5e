"use client";

import { useEffect, useRef } from "react";
import type { Catalog } from "../sql/sql-completions.ts";
import { offerCatalog } from "./catalogs.ts";
import { createEcho } from "./editor-echo.ts";
import { addEditorKeys, type EditorKeys } from "./editor-keys.ts";
import { EDITOR_PADDING_PX, editorHeight, LINE_PX } from "./editor-sizes.ts";
import { offerCaret } from "./insert-at-caret.ts";
import { theMonaco } from "./monaco.ts";
import { SQL_LANGUAGE } from "./sql-language.ts";

export type PolarsSupport = typeof import("./polars-support.ts");

type CodeEditor = ReturnType<typeof createEditor>;

export type ErrorMark = { line: number; column: number; message: string };

export type CodeEditorProps = {
  cellKey: string;
  source: string;
  /** The name of the field for assistive technology. */
  label: string;
  /** Takes the focus when it becomes true. */
  focused: boolean;
  mark: ErrorMark | null;
  catalog: Catalog;
  keys: EditorKeys;
  /** What a Polars cell needs besides, loaded by then. */
  polars: PolarsSupport | null;
  onChange: (source: string) => void;
  onFocus: () => void;
};

/** Monaco over one cell's code. Loaded with Monaco itself, so only through `CellEditor`. */
export function CodeEditor(props: CodeEditorProps) {
  const { source, label, focused, mark, polars } = props;
  const { tables } = props.catalog;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const echo = useRef(createEcho());
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!host.current) return;
    const created = createEditor(host.current, latest.current);
    const text = created.getModel();
    const forget = text ? offerCatalog(text, () => latest.current.catalog) : () => undefined;
    created.onDidChangeModelContent(() => {
      const text = created.getValue();
      echo.current.sent(text);
      latest.current.onChange(text);
    });
    created.onDidFocusEditorText(() => latest.current.onFocus());
    const forgetCaret = offerCaret(latest.current.cellKey, (text) => {
      const selection = created.getSelection();
      if (selection) created.executeEdits("catalog", [{ range: selection, text, forceMoveMarkers: true }]);
      created.focus();
    });
    addEditorKeys(created, () => latest.current.keys);
    const endSupport = latest.current.polars?.watchTypes(created);
    editor.current = created;
    return () => {
      endSupport?.();
      forget();
      forgetCaret();
      editor.current = null;
      created.getModel()?.dispose();
      created.dispose();
    };
  }, []);

  useEffect(() => {
    const current = editor.current;
    if (!current || echo.current.isOwn(source) || current.getValue() === source) return;
    // As an edit, so that undo in the editor brings the text before back.
    const range = current.getModel()?.getFullModelRange();
    if (range) current.executeEdits("notebook", [{ range, text: source }]);
  }, [source]);

  useEffect(() => {
    // Also when it is made anew, as the window turns wide or narrow: a dialog that is open then keeps the focus.
    if (focused && !document.activeElement?.closest("[role='dialog']")) editor.current?.focus();
  }, [focused]);

  useEffect(() => {
    editor.current?.updateOptions({ ariaLabel: label });
  }, [label]);

  useEffect(() => (editor.current ? showMark(editor.current, mark) : undefined), [mark]);

  useEffect(() => polars?.declareTables(tables), [polars, tables]);

  return (
    <div ref={host} style={{ height: editorHeight(source) }} className="overflow-hidden rounded-m bg-code" />
  );
}

function createEditor(host: HTMLElement, { source, label, polars }: CodeEditorProps) {
  const monaco = theMonaco();
  polars?.registerPolarsLanguage(monaco);
  const face = getComputedStyle(document.documentElement).getPropertyValue("--mono");
  return monaco.editor.create(host, {
    model: monaco.editor.createModel(source, polars?.POLARS_LANGUAGE ?? SQL_LANGUAGE),
    ariaLabel: label,
    automaticLayout: true,
    fontFamily: face,
    fontSize: 12.5,
    fontLigatures: false,
    lineHeight: LINE_PX,
    padding: { top: EDITOR_PADDING_PX, bottom: EDITOR_PADDING_PX },
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 14,
    glyphMargin: false,
    folding: false,
    bracketPairColorization: { enabled: false },
    minimap: { enabled: false },
    overviewRulerLanes: 0,
    hideCursorInOverviewRuler: true,
    scrollBeyondLastLine: false,
    scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 10, horizontalScrollbarSize: 8 },
    fixedOverflowWidgets: true,
    renderLineHighlight: "none",
    guides: { indentation: false },
    tabSize: 2,
    contextmenu: false,
    // The platform's own words and selection marks stay; only names of this text would be noise beside the catalog.
    wordBasedSuggestions: "off",
    quickSuggestions: { other: true, comments: false, strings: polars !== null },
    suggest: { showWords: false, preview: false },
    occurrencesHighlight: "off",
    unicodeHighlight: { ambiguousCharacters: false },
    accessibilitySupport: "auto",
  });
}

/** Marks the place of an error with a squiggle below the word and a sign in the margin. Returns what takes it away. */
function showMark(editor: CodeEditor, mark: ErrorMark | null): (() => void) | undefined {
  const monaco = theMonaco();
  const model = editor.getModel();
  if (!mark || !model) return;
  const line = Math.min(mark.line, model.getLineCount());
  const column = Math.min(mark.column, model.getLineMaxColumn(line));
  const word = model.getWordAtPosition({ lineNumber: line, column });
  const end = word ? word.endColumn : Math.min(column + 1, model.getLineMaxColumn(line));
  const start = Math.min(column, Math.max(1, end - 1));
  monaco.editor.setModelMarkers(model, "run", [
    {
      severity: monaco.MarkerSeverity.Error,
      message: mark.message,
      startLineNumber: line,
      startColumn: start,
      endLineNumber: line,
      endColumn: end,
    },
  ]);
  const signs = editor.createDecorationsCollection([
    {
      range: new monaco.Range(line, 1, line, 1),
      options: { linesDecorationsClassName: "error-sign", lineNumberClassName: "error-line-number" },
    },
  ]);
  return () => {
    signs.clear();
    if (!model.isDisposed()) monaco.editor.setModelMarkers(model, "run", []);
  };
}
