import { cx } from "./class-names.ts";

/** A grey bar in the place of text that is on its way, as high as one line of it. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx("pulse-soft inline-block h-3 rounded-s bg-press align-middle", className ?? "w-24")}
    />
  );
}

const WIDTHS = ["w-40", "w-28", "w-36", "w-24", "w-32"];

/** Rows of a list or table on their way; each as high as the rows that will stand there. */
export function SkeletonRows({
  rows,
  height = "h-8",
  label,
}: {
  rows: number;
  height?: string;
  label: string;
}) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row}`} className={cx("flex items-center gap-6 border-b border-hair", height)}>
          <Skeleton className={WIDTHS[row % WIDTHS.length]} />
          <Skeleton className="w-14" />
          <span className="flex-1" />
          <Skeleton className="w-16" />
        </div>
      ))}
    </div>
  );
}
