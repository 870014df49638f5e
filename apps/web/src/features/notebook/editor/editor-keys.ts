import type { editor as Editor } from "monaco-editor/editor/editor.api";
import { theMonaco } from "./monaco.ts";

/** What the keys of a cell's editor do. */
export type EditorKeys = {
  run: () => void;
  runAndNext: () => void;
  runAndInsert: () => void;
  submit: () => void;
  leave: () => void;
  format: () => void;
};

/** Keys of the notebook inside an editor. As actions, since commands added by key would reach the last editor only. */
export function addEditorKeys(editor: Editor.IStandaloneCodeEditor, keys: () => EditorKeys): void {
  const { KeyMod, KeyCode } = theMonaco();
  const add = (id: keyof EditorKeys, label: string, keybinding: number, precondition?: string) =>
    editor.addAction({
      id: `notebook.${id}`,
      label,
      keybindings: [keybinding],
      precondition,
      run: () => keys()[id](),
    });
  add("run", "Run", KeyMod.CtrlCmd | KeyCode.Enter);
  add("runAndNext", "Run and go on", KeyMod.Shift | KeyCode.Enter);
  add("runAndInsert", "Run and insert below", KeyMod.Alt | KeyCode.Enter);
  add("submit", "Submit…", KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.Enter);
  add("format", "Format", KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF);
  // Esc first closes what is open inside the editor.
  add(
    "leave",
    "Command mode",
    KeyCode.Escape,
    "!suggestWidgetVisible && !findWidgetVisible && !editorHasMultipleSelections && !inSnippetMode",
  );
}
