import { polarsTypes } from "@teatree/shared/polars/polars-types";
import type { editor as Editor } from "monaco-editor/editor/editor.api";
import type { CatalogTable } from "../sql/sql-completions.ts";
import { typeClient } from "../types/type-client.ts";
import { theMonaco } from "./monaco.ts";

const OWNER = "types";
/** Typing goes on without squiggles under every half-written word. */
const PAUSE_MS = 350;

let declared: readonly CatalogTable[] | null = null;
const checks = new Set<() => void>();

/** Says which tables there are; the texts that are open are checked again. */
export function declareTables(tables: readonly CatalogTable[]): void {
  if (declared === tables) return;
  declared = tables;
  const columns = Object.fromEntries(tables.map((table) => [table.name, table.columns]));
  typeClient()
    .setTypes(polarsTypes(columns))
    // Said again with the next tables; until then there are no types.
    .catch(() => {
      declared = null;
    });
  for (const check of checks) check();
}

/** Keeps the faults that TypeScript finds in an editor's text marked. Returns what ends it. */
export function watchTypes(editor: Editor.IStandaloneCodeEditor): () => void {
  const monaco = theMonaco();
  const model = editor.getModel();
  if (!model) return () => undefined;
  const signs = editor.createDecorationsCollection();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = async () => {
    // Without tables nothing can be said of their names: they may just not be there yet.
    if (declared === null || declared.length === 0 || model.getValue().trim() === "") return show([]);
    const version = model.getVersionId();
    const found = await typeClient()
      .check(model.getValue())
      // Without its checker the cell still runs; the server says what is wrong.
      .catch(() => []);
    if (model.isDisposed() || model.getVersionId() !== version) return;
    show(
      found.map(({ from, to, message, severity }) => {
        const [start, end] = [model.getPositionAt(from), model.getPositionAt(to)];
        return {
          severity: severity === "error" ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
          message,
          ...monaco.Range.fromPositions(start, end),
        };
      }),
    );
  };
  const show = (marks: Editor.IMarkerData[]) => {
    monaco.editor.setModelMarkers(model, OWNER, marks);
    signs.set(
      marks.map(({ startLineNumber: line }) => ({
        range: new monaco.Range(line, 1, line, 1),
        options: { linesDecorationsClassName: "error-sign", lineNumberClassName: "error-line-number" },
      })),
    );
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void check(), PAUSE_MS);
  };
  checks.add(soon);
  const listening = model.onDidChangeContent(soon);
  soon();
  return () => {
    clearTimeout(timer);
    checks.delete(soon);
    listening.dispose();
    if (!model.isDisposed()) show([]);
  };
}
