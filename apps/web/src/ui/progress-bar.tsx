/** How far something is, 0 to 1; null when nobody can know. Name it by what it does. */
export function ProgressBar({ value, label }: { value: number | null; label: string }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === null ? undefined : Math.round(value * 100)}
      className="h-1 overflow-hidden rounded-full bg-press"
    >
      <div
        className={
          value === null
            ? "pulse-soft h-full w-full bg-run/60"
            : "h-full bg-run transition-[width] duration-200 motion-reduce:transition-none"
        }
        style={value === null ? undefined : { width: `${Math.min(1, Math.max(0, value)) * 100}%` }}
      />
    </div>
  );
}
