"use client";

import { useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/form.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { type NotebookDocument, runsWhenOpened } from "./notebook-document.ts";
import { saveFile } from "./save-file.ts";
import { serializeNotebook } from "./serialize-notebook.ts";
import type { SaveState } from "./use-autosave.ts";

type Props = {
  document: NotebookDocument;
  save: SaveState;
  staleCount: number;
  onSaveNow: () => void;
  onTitle: (title: string) => void;
  onAddCell: () => void;
  onRunStale: () => void;
  onRunAll: () => void;
  panel: { shown: boolean; toggle: () => void } | null;
};

/** The notebook's own bar: whether it is saved, and what can be done with all of it. */
export function NotebookBar(props: Props) {
  const [renaming, setRenaming] = useState(false);
  const { document, panel } = props;
  return (
    <div className="sticky top-0 z-5 flex h-10 items-center gap-2 border-b border-hair bg-paper px-5 max-md:px-3">
      {panel && !panel.shown ? (
        <IconButton icon="panel" label="Show tables and cells" onClick={panel.toggle} />
      ) : null}
      <SaveNote save={props.save} onSaveNow={props.onSaveNow} />
      <span className="text-meta text-ink-3 max-lg:hidden">
        <span aria-hidden="true" className="mr-2 inline-block h-4 w-px bg-line align-middle" />
        Cells run{" "}
        <span className="font-medium text-ink-2">{runsWhenOpened(document) ? "when opened" : "by hand"}</span>
      </span>
      <span className="flex-1" />
      <Button variant="quiet" icon="plus" onClick={props.onAddCell} className="max-md:hidden">
        Cell
      </Button>
      {props.staleCount > 0 ? (
        <Button variant="quiet" icon="stale" onClick={props.onRunStale}>
          Run stale {props.staleCount}
        </Button>
      ) : null}
      <Button icon="play" onClick={props.onRunAll}>
        Run all
      </Button>
      <Menu
        trigger={<IconButton icon="more" label="More for this notebook" />}
        items={[
          { label: "Rename…", onSelect: () => setRenaming(true) },
          {
            label: "Download .md",
            icon: "download",
            note: "The text as it is saved, without results",
            onSelect: () =>
              saveFile(
                new Blob([serializeNotebook(document)], { type: "text/markdown" }),
                `${fileStem(document.title)}.md`,
              ),
          },
        ]}
      />
      {renaming ? (
        <RenameDialog
          title={document.title}
          onClose={() => setRenaming(false)}
          onTitle={(title) => {
            props.onTitle(title);
            setRenaming(false);
          }}
        />
      ) : null}
    </div>
  );
}

function fileStem(title: string): string {
  return (
    title
      .replace(/[^\p{L}\p{N}_-]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase() || "notebook"
  );
}

function SaveNote({ save, onSaveNow }: { save: SaveState; onSaveNow: () => void }) {
  if (save.is === "failed") {
    return (
      <span role="status" className="inline-flex items-center gap-2 text-meta text-fail">
        <Icon name="failed" size="s" />
        <span title={save.message}>Not saved, trying again</span>
        <Button size="s" onClick={onSaveNow}>
          Save now
        </Button>
      </span>
    );
  }
  const words = {
    saved: "Saved",
    waiting: "Edited",
    saving: "Saving",
    conflict: "Not saved: changed elsewhere",
  }[save.is];
  const at = save.is === "saved" ? ` ${clock(save.at)}` : "";
  return (
    <span
      role="status"
      className="inline-flex items-center gap-1.5 text-meta whitespace-nowrap text-ink-3"
      suppressHydrationWarning
    >
      <Icon name={save.is === "saved" ? "check" : save.is === "conflict" ? "failed" : "ring"} size="xs" />
      {words}
      {at}
    </span>
  );
}

function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function RenameDialog(props: { title: string; onClose: () => void; onTitle: (title: string) => void }) {
  const [title, setTitle] = useState(props.title);
  const ready = title.trim() !== "";
  return (
    <Dialog
      open
      onClose={props.onClose}
      title="Rename the notebook"
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button variant="primary" disabled={!ready} onClick={() => props.onTitle(title.trim())}>
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Title"
        value={title}
        maxLength={200}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => (event.key === "Enter" && ready ? props.onTitle(title.trim()) : undefined)}
      />
    </Dialog>
  );
}
