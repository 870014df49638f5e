import { cx } from "./class-names.ts";

/** A key or a sequence of keys, written out: `Ctrl K`, `g h`. */
export function Kbd({ children, on = "raised" }: { children: string; on?: "raised" | "leaf" }) {
  return (
    <kbd
      className={cx(
        "flex-none whitespace-nowrap rounded-s border px-1 font-sans text-micro font-medium",
        on === "raised"
          ? "border-line bg-raised text-ink-3"
          : "border-current/45 bg-transparent text-current",
      )}
    >
      {children}
    </kbd>
  );
}
