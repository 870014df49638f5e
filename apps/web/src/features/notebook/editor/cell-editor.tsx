"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import type { CellKind } from "../notebook-document.ts";
import type { CodeEditorProps, PolarsSupport } from "./code-editor.tsx";
import { PlainCode } from "./plain-code.tsx";

type Props = Omit<CodeEditorProps, "polars"> & { kind: CellKind };
type Loaded = { Editor: (props: CodeEditorProps) => ReactNode; polars: PolarsSupport | null };

/**
 * A cell's code: plain coloured text at once, Monaco in the same place as soon as it is loaded and the cell is near the
 * window. Editors far down cost nothing until they are scrolled to.
 */
export function CellEditor({ kind, ...props }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  // Held here and not behind a lazy boundary, which would show nothing for a moment and move all cells below.
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const wanted = near || props.focused;

  useEffect(() => {
    if (!host.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) setNear(true);
      },
      { rootMargin: "600px 0px" },
    );
    const element = host.current;
    observer.observe(element);
    element.addEventListener("keydown", passPalette, { capture: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("keydown", passPalette, { capture: true });
    };
  }, []);

  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    Promise.all([
      import("./code-editor.tsx"),
      // Its language, and TypeScript in a worker behind it, only where there is a Polars cell.
      kind === "polars" ? import("./polars-support.ts") : null,
    ]).then(
      ([{ CodeEditor }, polars]) => {
        if (!gone) setLoaded({ Editor: CodeEditor, polars });
      },
      // Without the editor the text stays readable; the next visit tries again.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [wanted, kind]);

  return (
    <div ref={host}>
      {loaded ? (
        <loaded.Editor {...props} polars={loaded.polars} />
      ) : (
        <div className="relative">
          <PlainCode source={props.source} kind={kind} fixed />
          <button
            type="button"
            onClick={props.onFocus}
            aria-label={`${props.label}, edit`}
            className="absolute inset-0 w-full cursor-text"
          />
        </div>
      )}
    </div>
  );
}

/** Monaco takes Ctrl K for the first half of its own two-key commands; here it opens the page's palette. */
function passPalette(event: KeyboardEvent) {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
    return;
  event.preventDefault();
  event.stopPropagation();
  const { key, ctrlKey, metaKey } = event;
  window.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, metaKey }));
}
