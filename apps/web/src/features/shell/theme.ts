"use client";

import { useSyncExternalStore } from "react";
import { THEME_KEY } from "./first-script.ts";

export type ThemeChoice = "system" | "light" | "dark";

const watchers = new Set<() => void>();

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(THEME_KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function apply(choice: ThemeChoice) {
  const dark =
    choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/** Sets and keeps the theme. A browser that keeps nothing still shows it until the page is left. */
export function setTheme(choice: ThemeChoice): void {
  try {
    localStorage.setItem(THEME_KEY, choice);
  } catch {
    // Private windows may refuse storage; the theme then lasts as long as the page.
  }
  apply(choice);
  for (const watcher of watchers) watcher();
}

function watchTheme(onChange: () => void) {
  watchers.add(onChange);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    if (stored() === "system") apply("system");
    onChange();
  };
  system.addEventListener("change", follow);
  return () => {
    watchers.delete(onChange);
    system.removeEventListener("change", follow);
  };
}

/** The reader's choice, not what it comes to. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(watchTheme, stored, () => "system");
}
