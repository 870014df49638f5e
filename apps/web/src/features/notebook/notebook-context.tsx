"use client";

import type { Model } from "@teatree/shared/contracts/models";
import { createContext, type Dispatch, useContext } from "react";
import { type Cell, type CellKind, KIND_WORDS, type Target } from "./notebook-document.ts";
import type { NotebookEvent } from "./notebook-state.ts";
import type { Catalog, CatalogTable } from "./sql/sql-completions.ts";

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
  /** A new cell beside another, or at the end. A Polars cell begins with a query on a table of the model. */
  insert: (kind: CellKind, beside: string | null, side: "above" | "below", edit?: boolean) => void;
  makeKind: (key: string, kind: CellKind) => void;
  format: (key: string) => void;
  remove: (key: string) => void;
};

/** What cells show of the world round them. */
export type NotebookFacts = {
  notebookId: string;
  model: (Pick<Model, "id" | "name" | "currentVersion"> & { tables: readonly CatalogTable[] }) | null;
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
  return `${KIND_WORDS[cell.kind]} cell ${cell.name}`.trim();
}
