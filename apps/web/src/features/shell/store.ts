"use client";

import { useSyncExternalStore } from "react";

export type Store<State> = {
  get: () => State;
  set: (change: (state: State) => State) => void;
  watch: (onChange: () => void) => () => void;
};

/** The smallest store that React can read: one value, replaced whole. */
export function createStore<State>(initial: State): Store<State> {
  let state = initial;
  const watchers = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = next;
      for (const watcher of watchers) watcher();
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}

export function useStore<State>(store: Store<State>): State {
  return useSyncExternalStore(store.watch, store.get, store.get);
}
