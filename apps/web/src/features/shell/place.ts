"use client";

import { useEffect } from "react";
import { createStore, useStore } from "./store.ts";

export type Crumb = { label: string; href?: string };
export type Place = {
  /** From the outermost place to this one; the last has no link. */
  trail: Crumb[];
  /** Model that the page is about: the connection chip says its version. */
  model?: string;
};

const place = createStore<Place | undefined>(undefined);

const SECTIONS: Record<string, string> = {
  models: "Models",
  notebooks: "Notebooks",
  jobs: "Jobs",
  inbox: "Inbox",
  polars: "Polars reference",
  settings: "Settings",
};

/** What the address alone says of where one is; a page that knows better says it with `usePlace`. */
export function placeFromPath(pathname: string): Place {
  const [section = "", name, kind, item] = pathname.split("/").filter(Boolean).map(decodeSafely);
  const label = SECTIONS[section];
  if (label === undefined) return { trail: [{ label: section === "" ? "Home" : "Not found" }] };
  if (name === undefined) return { trail: [{ label }] };
  if (section !== "models") return { trail: [{ label, href: `/${section}` }, { label: name.slice(0, 8) }] };
  const base = `/models/${encodeURIComponent(name)}`;
  const trail: Crumb[] = [
    { label: "Models", href: "/models" },
    { label: name, href: base },
  ];
  if (kind === "versions") trail.push({ label: "Versions", href: `${base}/versions` });
  if (item !== undefined) trail.push({ label: kind === "versions" ? `v${item}` : item });
  return {
    trail: trail.map((crumb, index) => (index === trail.length - 1 ? { label: crumb.label } : crumb)),
    model: name,
  };
}

function decodeSafely(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Says where one is, for breadcrumb, window title and connection chip, as long as the component is there. */
export function usePlace(next: Place): void {
  const text = JSON.stringify(next);
  useEffect(() => {
    place.set(() => JSON.parse(text));
    return () => place.set(() => undefined);
  }, [text]);
}

export function useCurrentPlace(pathname: string): Place {
  return useStore(place) ?? placeFromPath(pathname);
}
