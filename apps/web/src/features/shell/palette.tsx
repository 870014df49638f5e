"use client";

import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { modelsQuery, notebooksQuery, recentJobsQuery } from "../../clients/queries.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { summaryOf } from "../job-words/index.ts";
import { keysForPeople } from "./key-sequence.ts";
import { useIsMac } from "./platform.ts";
import { useAllShortcuts } from "./shortcuts.ts";

function Item({
  value,
  icon,
  kbd,
  note,
  onSelect,
  children,
}: {
  value: string;
  icon: IconName;
  kbd?: string;
  note?: string;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 cursor-default items-center gap-2 rounded-s px-2 data-[selected=true]:bg-hover"
    >
      <Icon name={icon} size="s" className="text-ink-3" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {note ? <span className="max-w-40 truncate text-meta text-ink-3">{note}</span> : null}
      {kbd ? <Kbd>{kbd}</Kbd> : null}
    </Command.Item>
  );
}

const GROUP =
  "mb-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-ink-3";

/** Everything one can go to or do, by typing. Loaded when first opened. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const router = useRouter();
  const mac = useIsMac();
  const shortcuts = useAllShortcuts().filter(({ listedOnly, id }) => !listedOnly && id !== "palette");
  const models = useQuery({ ...modelsQuery(), enabled: open });
  const notebooks = useQuery({ ...notebooksQuery(50), enabled: open });
  const jobs = useQuery({ ...recentJobsQuery({}, 10), enabled: open, refetchInterval: false });
  const act = (run: () => void) => () => {
    onClose();
    run();
  };
  const go = (href: string) => act(() => router.push(href));
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          aria-label="Search or run a command"
          className="fixed top-[10vh] left-1/2 z-50 w-[min(600px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-l bg-raised shadow-menu outline-none"
        >
          <Command label="Search or run a command" loop>
            <div className="flex h-11 items-center gap-2 border-b border-line px-4 text-ink-3">
              <Icon name="search" />
              <Command.Input
                placeholder="Search or run a command"
                className="min-w-0 flex-1 bg-transparent text-prose text-ink outline-none"
              />
              <Kbd>Esc</Kbd>
            </div>
            <Command.List className="max-h-[60vh] overflow-y-auto p-2">
              <Command.Empty className="px-2 py-6 text-center text-ink-3">
                Nothing has this name. Try a model, a notebook or an action.
              </Command.Empty>
              <Command.Group heading="Actions" className={GROUP}>
                {shortcuts.map(({ id, keys, label, run }) => (
                  <Item
                    key={id}
                    value={`action ${label} ${id}`}
                    icon="chevronRight"
                    kbd={keys === "" ? undefined : keysForPeople(keys, mac)}
                    onSelect={act(run)}
                  >
                    {label}
                  </Item>
                ))}
                <Item value="action Go to Polars reference" icon="chevronRight" onSelect={go("/polars")}>
                  Go to Polars reference
                </Item>
              </Command.Group>
              {models.data && models.data.items.length > 0 ? (
                <Command.Group heading="Models" className={GROUP}>
                  {models.data.items.map(({ id, name, currentVersion }) => (
                    <Item
                      key={id}
                      value={`model ${name}`}
                      icon="database"
                      note={currentVersion > 0 ? `v${currentVersion}` : "empty"}
                      onSelect={go(`/models/${name}`)}
                    >
                      {name}
                    </Item>
                  ))}
                  {models.data.items.flatMap((model) =>
                    model.tables.map((table) => (
                      <Item
                        key={`${model.id} ${table.name}`}
                        value={`table ${table.name} ${model.name}`}
                        icon="table"
                        note={model.name}
                        onSelect={go(`/models/${model.name}/tables/${encodeURIComponent(table.name)}`)}
                      >
                        {table.name}
                      </Item>
                    )),
                  )}
                </Command.Group>
              ) : null}
              {notebooks.data && notebooks.data.items.length > 0 ? (
                <Command.Group heading="Notebooks" className={GROUP}>
                  {notebooks.data.items.map(({ id, title, model }) => (
                    <Item
                      key={id}
                      value={`notebook ${title} ${id}`}
                      icon="notebook"
                      note={model ?? undefined}
                      onSelect={go(`/notebooks/${id}`)}
                    >
                      {title}
                    </Item>
                  ))}
                </Command.Group>
              ) : null}
              {jobs.data && jobs.data.items.length > 0 ? (
                <Command.Group heading="Recent jobs" className={GROUP}>
                  {jobs.data.items.map((job) => (
                    <Item
                      key={job.id}
                      value={`job ${job.function} ${job.model} ${summaryOf(job)} ${job.id}`}
                      icon="jobs"
                      note={`${job.model}, ${job.status}`}
                      onSelect={go(`/jobs/${job.id}`)}
                    >
                      <span className="text-ink-3">{job.function} · </span>
                      {summaryOf(job)}
                    </Item>
                  ))}
                </Command.Group>
              ) : null}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
