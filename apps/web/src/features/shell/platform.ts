"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Whether keys are called Cmd here. The server cannot know and says no. */
export function useIsMac(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  );
}
