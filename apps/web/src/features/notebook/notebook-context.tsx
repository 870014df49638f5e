"use client";

import { createContext, type Dispatch, useContext } from "react";
import type { Cell, Target } from "./notebook-document.ts";
import type { NotebookEvent } from "./notebook-state.ts";
import type { Catalog } from "./sql/sql-completions.ts";

/** What cells may ask of their notebook. The object stays the same, so that cells are drawn only when they change. */
export type NotebookActions = {
  dispatch: Dispatch<NotebookEvent>;
  /** Runs a cell that reads; opens the submit sheet for one that submits. */
  run: (key: string) => void;
  runAndNext: (key: string) => void;
  runAndInsert: (key: string) => void;
  stop: (key: string) => void;
  loadMore: (key: string) => void;
  submit: (key: string) => void;
  format: (key: string) => void;
  remove: (key: string) => void;
};

/** What cells show of the world round them. */
export type NotebookFacts = {
  notebookId: string;
  model: { id: string; name: string; currentVersion: number } | null;
  deviceVersion: number | null;
  catalog: Catalog;
};

const Actions = createContext<NotebookActions | null>(null);
const Facts = createContext<NotebookFacts | null>(null);

export const ActionsProvider = Actions.Provider;
export const FactsProvider = Facts.Provider;

export function useActions(): NotebookActions {
  const actions = useContext(Actions);
  if (!actions) throw new Error("A cell stands outside a notebook.");
  return actions;
}

export function useFacts(): NotebookFacts {
  const facts = useContext(Facts);
  if (!facts) throw new Error("A cell stands outside a notebook.");
  return facts;
}

/** The place in words, as the chip shows it: `Version 3`, `This device v3`, `Submit`. */
export function placeName(target: Target, facts: Pick<NotebookFacts, "model" | "deviceVersion">): string {
  if (target.place === "submit") return "Submit";
  const current = facts.model?.currentVersion ?? 0;
  if (target.place === "device") {
    const version = target.version === "latest" ? current : target.version;
    return version > 0 ? `This device v${version}` : "This device";
  }
  const version = target.version === "latest" ? current : target.version;
  return version > 0 ? `Version ${version}` : "No version yet";
}

/** What assistive technology calls a cell. */
export function cellLabel(cell: Pick<Cell, "kind" | "name">): string {
  return cell.kind === "sql" ? `SQL cell ${cell.name}` : "Markdown cell";
}
