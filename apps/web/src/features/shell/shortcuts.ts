"use client";

import { useEffect, useRef } from "react";
import { nameOfPress, step } from "./key-sequence.ts";
import { createStore, useStore } from "./store.ts";

export type Shortcut = {
  id: string;
  /** `g h`, `?`, `Mod+k`, `Alt+ArrowUp`; empty for an action of the palette without a key. */
  keys: string;
  label: string;
  /** Head under which the sheet lists it. */
  group: string;
  run: () => void;
  /** Also while typing in a field: only for keys with a modifier. */
  inFields?: boolean;
  /** The editor handles the key itself; it is listed, not listened for. */
  listedOnly?: boolean;
};

type ListedShortcut = Omit<Shortcut, "run">;

const registry = createStore<readonly Shortcut[]>([]);
const PAIR_WITHIN_MS = 1_200;

/** Adds actions to the one registry that keys, palette and sheet read, as long as the component is there. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  // The text stands for the list, which is a new one at each render.
  const listed = JSON.stringify(shortcuts);
  useEffect(() => {
    const names: ListedShortcut[] = JSON.parse(listed);
    const mine = names.map((shortcut) => ({
      ...shortcut,
      run: () => latest.current.find(({ id }) => id === shortcut.id)?.run(),
    }));
    registry.set((all) => [...all.filter(({ id }) => !mine.some((own) => own.id === id)), ...mine]);
    return () => registry.set((all) => all.filter((shortcut) => !mine.some((own) => own === shortcut)));
  }, [listed]);
}

export function useAllShortcuts(): readonly Shortcut[] {
  return useStore(registry);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role='textbox'], .monaco-editor") !== null)
  );
}

/** Listens for keys on the whole page; mount once. */
export function useShortcutKeys(): void {
  useEffect(() => {
    let pending = "";
    let since = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const press = nameOfPress(event);
      if (press === undefined) return;
      // Bare keys belong to the page; while a dialog stands before it they would act on what cannot be seen.
      const typing = isField(event.target) || document.querySelector("[role='dialog']") !== null;
      const candidates = registry
        .get()
        .filter(({ keys, inFields, listedOnly }) => keys !== "" && !listedOnly && (!typing || inFields));
      const matched = step(event.timeStamp - since < PAIR_WITHIN_MS ? pending : "", press, candidates);
      pending = matched.pending;
      since = event.timeStamp;
      if (matched.run === undefined) return;
      event.preventDefault();
      candidates.find(({ id }) => id === matched.run)?.run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
