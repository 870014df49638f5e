"use client";

import { useSyncExternalStore } from "react";

const QUERY = "(min-width: 721px)";

function watch(onChange: () => void) {
  const media = matchMedia(QUERY);
  media.addEventListener("change", onChange);
  return () => media.removeEventListener("change", onChange);
}

/** Whether there is room for side panels. */
export function useWideWindow(): boolean {
  return useSyncExternalStore(
    watch,
    () => matchMedia(QUERY).matches,
    () => true,
  );
}
