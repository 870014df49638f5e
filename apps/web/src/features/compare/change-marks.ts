/** Every kind of change with its sign, its colour and its word: no colour stands alone. */
export const MARKS = {
  changed: { sign: "~", word: "changed", tone: "text-mod", ground: "bg-mod-soft" },
  added: { sign: "+", word: "added", tone: "text-add", ground: "bg-add-soft" },
  removed: { sign: "−", word: "removed", tone: "text-del", ground: "bg-del-soft" },
} as const;
