"use client";

import type { Saying } from "./saying.ts";

/**
 * A word to the reader that passes; it never marks anything as read. What shows it comes in a chunk of its own: the
 * page is usable before the first word is said.
 */
export function say(message: string, saying: Saying = {}): void {
  void import("./toasts.tsx").then(({ showToast }) => showToast(message, saying));
}
