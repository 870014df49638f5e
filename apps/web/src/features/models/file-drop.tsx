"use client";

import { type DragEvent, useRef, useState } from "react";
import { cx } from "../../ui/class-names.ts";
import { Icon } from "../../ui/icon.tsx";
import { IMPORTED_FORMATS } from "./import-plan.ts";

/** A place to drop a file on, and a button that chooses one: nothing needs a mouse. */
export function FileDrop({
  onFile,
  title = "Drop a file",
  note = "CSV, Parquet, JSON or NDJSON. It becomes a table by an import job.",
}: {
  onFile: (file: File) => void;
  title?: string;
  note?: string;
}) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <>
      <button
        type="button"
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cx(
          "flex w-full flex-col gap-0.5 rounded-m border border-dashed px-3 py-2.5 text-left",
          over ? "border-leaf bg-leaf-soft" : "border-control hover:bg-hover",
        )}
      >
        <span className="flex items-center gap-2">
          <Icon name="upload" className="text-ink-2" />
          <span className="flex-1 font-medium">{title}</span>
          <span className="text-leaf-ink underline decoration-leaf-line underline-offset-3">browse</span>
        </span>
        <span className="text-meta text-ink-3">{note}</span>
      </button>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        aria-label={title}
        accept={[...IMPORTED_FORMATS.map((format) => `.${format}`), ".tsv", ".txt", ".jsonl"].join(",")}
        className="hidden"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          event.target.value = "";
        }}
      />
    </>
  );
}
