import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

/** A small word on a ground: a step's name, a kind. It says, it does nothing. */
export function Tag({ children, tone = "plain" }: { children: ReactNode; tone?: "plain" | "leaf" }) {
  return (
    <span
      className={cx(
        "whitespace-nowrap rounded-s px-1.25 text-micro font-medium",
        tone === "leaf" ? "bg-leaf-soft text-leaf-ink" : "bg-press text-ink-2",
      )}
    >
      {children}
    </span>
  );
}

/** The look of a chip: the small pressable things of bars and cell headers. */
export function chipClass(bordered = false): string {
  return cx(
    "inline-flex items-center gap-1.5 whitespace-nowrap rounded-m text-meta font-medium hover:bg-hover",
    bordered ? "h-6 border border-line bg-raised px-2" : "h-7 px-2",
  );
}

/** A version's number, always in mono: `v43`. */
export function VersionName({
  version,
  tone,
  className,
}: {
  version: number | null;
  tone?: "leaf";
  className?: string;
}) {
  return (
    <span
      className={cx(
        "whitespace-nowrap font-mono text-meta font-medium",
        tone === "leaf" && "text-leaf-ink",
        className,
      )}
    >
      {version === null || version === 0 ? "no version" : `v${version}`}
    </span>
  );
}

/** One or two letters for a person or role. */
export function Initials({ name, size = "m" }: { name: string; size?: "m" | "l" }) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.map((word) => word.charAt(0)).join("") : name;
  return (
    <span
      title={name}
      className={cx(
        "inline-grid flex-none place-items-center rounded-full bg-press align-middle text-tiny font-semibold tracking-wide text-ink-2 uppercase",
        size === "m" ? "size-5" : "size-6",
      )}
    >
      <span aria-hidden="true">{letters.slice(0, 2)}</span>
      <span className="sr-only">{name}</span>
    </span>
  );
}
