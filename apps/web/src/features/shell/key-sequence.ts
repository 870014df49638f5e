export type KeyPress = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
};

/** A key press as shortcuts name it: `g`, `?`, `Mod+k`, `Alt+ArrowUp`, `Mod+Shift+Enter`; undefined for a modifier alone. */
export function nameOfPress(press: KeyPress): string | undefined {
  if (["Control", "Meta", "Alt", "Shift", "AltGraph", "Dead"].includes(press.key)) return undefined;
  const single = press.key.length === 1;
  const parts = [
    press.ctrlKey || press.metaKey ? "Mod" : undefined,
    press.altKey ? "Alt" : undefined,
    // A shifted character already is another character.
    press.shiftKey && !single ? "Shift" : undefined,
    single ? press.key.toLowerCase() : press.key,
  ];
  return parts.filter(Boolean).join("+");
}

export type Matched = { run: string | undefined; pending: string };

/**
 * One step of recognizing shortcuts that may be two presses long (`g h`). `pending` is the first press of a pair, empty
 * otherwise.
 */
export function step(pending: string, press: string, shortcuts: { id: string; keys: string }[]): Matched {
  const pair = pending === "" ? undefined : `${pending} ${press}`;
  const hit = shortcuts.find(({ keys }) => keys === pair) ?? shortcuts.find(({ keys }) => keys === press);
  if (hit) return { run: hit.id, pending: "" };
  return { run: undefined, pending: shortcuts.some(({ keys }) => keys.startsWith(`${press} `)) ? press : "" };
}

/** For people: `Mod+k` → `Ctrl K`. */
export function keysForPeople(keys: string, mac: boolean): string {
  const words: Record<string, string> = {
    Mod: mac ? "Cmd" : "Ctrl",
    ArrowUp: "Up",
    ArrowDown: "Down",
    Escape: "Esc",
  };
  return keys
    .split(" ")
    .map((press) =>
      press
        .split("+")
        .map((part) => words[part] ?? (press.includes("+") && part.length === 1 ? part.toUpperCase() : part))
        .join(" "),
    )
    .join(" ");
}
