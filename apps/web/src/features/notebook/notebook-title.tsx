import type { NotebookDocument } from "./notebook-document.ts";

/** The title as the page's head, unless the first text already begins with one. */
export function NotebookTitle({ document }: { document: NotebookDocument }) {
  const first = document.cells[0];
  const titled = first?.kind === "markdown" && /^#\s/.test(first.source.trimStart());
  return (
    <h1 className={titled ? "sr-only" : "mb-3 text-title font-semibold tracking-[-0.008em] break-words"}>
      {document.title}
    </h1>
  );
}
