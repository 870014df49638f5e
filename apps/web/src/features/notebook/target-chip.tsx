"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { useState } from "react";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { keysForPeople, useIsMac } from "../shell/index.ts";
import { placeName, useActions, useFacts } from "./notebook-context.tsx";
import type { Cell, Target } from "./notebook-document.ts";
import { VersionDialog } from "./version-dialog.tsx";

const ICONS: Record<Target["place"], IconName> = { version: "server", device: "device", submit: "arrowUp" };

type Choice = {
  place: Target["place"];
  target: Target;
  title: string;
  note: string;
  keys?: string;
  disabled?: boolean;
};

/** The chip that names where a cell runs, and the menu that changes it. The SQL stays as it is. */
export function TargetChip({ cell }: { cell: Cell }) {
  const { dispatch } = useActions();
  const facts = useFacts();
  const mac = useIsMac();
  const [asking, setAsking] = useState(false);
  const { target, key } = cell;
  const set = (next: Target) => dispatch({ do: "target", key, target: next });
  const polars = cell.kind === "polars";
  const choices = polars ? polarsChoices(facts) : choicesOf(facts);
  const pinned = target.place === "version" && target.version !== "latest";
  return (
    <>
      <Base.Root>
        <Base.Trigger
          aria-label={`Runs on ${placeName(target, facts)}. Change`}
          className="inline-flex h-5.5 min-w-0 items-center gap-1.25 rounded-s border border-line bg-paper px-1.5 text-meta font-medium whitespace-nowrap text-ink-2 hover:border-control hover:bg-hover hover:text-ink data-popup-open:border-control data-popup-open:bg-hover"
        >
          <Icon name={ICONS[target.place]} size="xs" />
          <span className="truncate">{placeName(target, facts)}</span>
          {pinned ? <span className="text-micro text-ink-3">pinned</span> : null}
          <Icon name="chevronDown" size="xs" />
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={6} align="start" className="z-50">
            <Base.Popup className="w-[336px] max-w-[calc(100vw-24px)] rounded-l bg-raised p-1 shadow-menu outline-none">
              <Base.RadioGroup
                value={target.place}
                onValueChange={(place) => {
                  const choice = choices.find((item) => item.place === place);
                  if (choice) set(choice.target);
                }}
              >
                <Base.Group>
                  <Base.GroupLabel className="px-2 py-1 text-meta text-ink-3">
                    Run this cell on
                  </Base.GroupLabel>
                  {choices.map((choice) => (
                    <Base.RadioItem
                      key={choice.place}
                      value={choice.place}
                      closeOnClick
                      disabled={choice.disabled}
                      className="flex items-center gap-2.5 rounded-m px-2 py-1.25 leading-4.5 outline-none data-disabled:text-ink-3 data-highlighted:bg-hover"
                    >
                      <Icon name={ICONS[choice.place]} className="text-ink-2" />
                      <span className="min-w-0 flex-1">
                        <span className="font-medium">{choice.title}</span>
                        <span className="block text-meta text-ink-3">{choice.note}</span>
                      </span>
                      {choice.keys ? <Kbd>{keysForPeople(choice.keys, mac)}</Kbd> : null}
                      <Base.RadioItemIndicator>
                        <Icon name="check" size="s" className="text-leaf-ink" />
                      </Base.RadioItemIndicator>
                    </Base.RadioItem>
                  ))}
                </Base.Group>
              </Base.RadioGroup>
              <Base.Separator className="-mx-1 my-1 h-px bg-hair" />
              <div className="flex items-center gap-2 px-1 pb-0.5 text-meta text-ink-3">
                {polars ? (
                  <span className="px-1.5 py-1">Older versions are read by SQL cells.</span>
                ) : (
                  <>
                    <Base.Item
                      onClick={() => setAsking(true)}
                      className="rounded-s px-1.5 py-1 font-medium text-ink-2 outline-none data-highlighted:bg-hover"
                    >
                      Other version…
                    </Base.Item>
                    <span className="ml-auto pr-1.5">The SQL stays the same.</span>
                  </>
                )}
              </div>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
      {asking ? (
        <VersionDialog
          model={facts.model?.name ?? null}
          target={target}
          onClose={() => setAsking(false)}
          onChoose={(version) => {
            set({ place: target.place === "device" ? "device" : "version", version });
            setAsking(false);
          }}
        />
      ) : null}
    </>
  );
}

function choicesOf({ model, deviceVersion }: ReturnType<typeof useFacts>): Choice[] {
  const current = model?.currentVersion ?? 0;
  return [
    {
      place: "device",
      target: { place: "device", version: "latest" },
      title: current > 0 ? `This device v${current}` : "This device",
      note: deviceNote(current, deviceVersion),
    },
    {
      place: "version",
      target: { place: "version", version: "latest" },
      title: current > 0 ? `Version ${current}` : "Current version",
      note: current > 0 ? "Direct read, current" : "Nothing was published yet",
    },
    {
      place: "submit",
      target: { place: "submit" },
      title: "Submit",
      note: `Changes the model, makes v${current + 1}`,
      keys: "Mod+Shift+Enter",
    },
  ];
}

/** Polars is on the server only, and there on the current version. */
function polarsChoices(facts: ReturnType<typeof useFacts>): Choice[] {
  return choicesOf(facts).map((choice) => {
    if (choice.place === "device")
      return { ...choice, note: "Not for Polars: it runs on the server only", disabled: true };
    if (choice.place === "submit")
      return { ...choice, note: choice.note.replace("Changes the model", "Writes a table") };
    return facts.model?.currentVersion ? { ...choice, note: "On the server, shows the result only" } : choice;
  });
}

function deviceNote(current: number, kept: number | null): string {
  if (kept !== null && kept === current) return "Kept in this browser, runs in this page";
  if (kept !== null) return `v${kept} is kept here; the run downloads v${current}`;
  return "The run downloads the snapshot into this browser";
}
