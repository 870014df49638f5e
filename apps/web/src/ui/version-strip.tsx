import Link from "next/link";
import { cx } from "./class-names.ts";
import { formatBytes } from "./format.ts";

export type StripVersion = {
  version: number;
  newBytes: number;
  href?: string;
  /** One that people gave it shows as a mark above its bar. */
  name?: string | null;
};

/** Bar heights in px for bytes added; the square root keeps a small version visible beside a large one. */
export function barHeights(bytes: number[], maxHeight: number): number[] {
  const most = Math.max(1, ...bytes);
  return bytes.map((value) => Math.max(2, Math.round(Math.sqrt(value / most) * maxHeight)));
}

/** The small figure of lists: one bar per version, height = bytes it added, the last one leaf. Always beside numbers. */
export function MiniStrip({ versions, slots = 7 }: { versions: StripVersion[]; slots?: number }) {
  const shown = versions.slice(-slots);
  const heights = barHeights(
    shown.map((version) => version.newBytes),
    20,
  );
  const label = shown.map(({ version, newBytes }) => `v${version} ${formatBytes(newBytes)}`).join(", ");
  return (
    <span
      role="img"
      aria-label={label || "no versions"}
      className="inline-flex h-5 items-end gap-0.5 align-middle"
    >
      {Array.from({ length: Math.max(0, slots - shown.length) }, (_, slot) => (
        <span key={`empty-${slot}`} className="h-px w-1.5 bg-line" />
      ))}
      {shown.map(({ version }, index) => (
        <span
          key={version}
          className={cx("w-1.5 rounded-t-[1px]", index === shown.length - 1 ? "bg-leaf" : "bg-data-mute")}
          style={{ height: heights[index] }}
        />
      ))}
    </span>
  );
}

/** The large figure of version pages: each bar is the way to its version; one being made is dashed. */
export function VersionStrip({
  versions,
  selected,
  coming,
}: {
  versions: StripVersion[];
  selected?: number;
  coming?: number;
}) {
  const hasNames = versions.some(({ name }) => name);
  const heights = barHeights(
    versions.map((version) => version.newBytes),
    hasNames ? 22 : 28,
  );
  return (
    <nav aria-label="Versions by bytes added" className="flex h-12 w-fit items-end border-b border-line">
      {versions.map(({ version, newBytes, href, name }, index) => {
        const on = version === selected;
        return (
          <Link
            key={version}
            href={href ?? "#"}
            aria-current={on ? "page" : undefined}
            title={`v${version}${name ? ` “${name}”` : ""} added ${formatBytes(newBytes)}`}
            className={cx(
              "group relative flex h-full w-8.5 flex-col items-center justify-end",
              on ? "text-leaf-ink" : "text-ink-3 hover:text-ink",
            )}
          >
            {name ? <span aria-hidden="true" className="mb-0.5 size-1 rotate-45 bg-current" /> : null}
            <span
              className={cx("block w-5.5", on ? "bg-leaf" : "bg-data-mute group-hover:bg-data")}
              style={{ height: heights[index] }}
            />
            <span className={cx("font-mono text-micro leading-[18px]", on && "font-semibold")}>
              v{version}
            </span>
            {on ? <span className="absolute inset-x-0 -bottom-px h-0.5 bg-leaf" /> : null}
          </Link>
        );
      })}
      {coming === undefined ? null : (
        <span
          title={`v${coming} is being made`}
          className="flex h-full w-8.5 flex-col items-center justify-end text-run"
        >
          <span className="block h-2 w-5.5 border border-dashed border-run" />
          <span className="font-mono text-micro leading-[18px]">v{coming}</span>
        </span>
      )}
    </nav>
  );
}
