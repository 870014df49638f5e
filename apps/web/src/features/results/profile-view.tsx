import type { ColumnProfile } from "./column-profile.ts";

/** A column at a glance: bars of its values, or its two most frequent ones. Beside numbers, never in their place. */
export function ProfileView({ profile }: { profile: ColumnProfile | undefined }) {
  if (!profile) return null;
  if (profile.histogram) return <Bars bins={profile.histogram.bins} />;
  return (
    <span aria-hidden="true" className="block">
      {profile.top.map(({ value, share }) => (
        <span key={value} className="relative mb-px flex h-3.25 items-center text-micro leading-3.25">
          <span
            style={{ width: `max(2px, ${share * 100}%)` }}
            className="absolute inset-y-px left-0 border-l-2 border-data bg-leaf-soft"
          />
          <span className="relative min-w-0 flex-1 truncate pl-1.5 font-mono text-micro leading-3.25 text-ink-2">
            {value === "" ? "''" : value}
          </span>
          <span className="relative pl-1 text-ink-3">{percent(share)}</span>
        </span>
      ))}
    </span>
  );
}

function Bars({ bins }: { bins: number[] }) {
  const most = Math.max(...bins);
  const width = 100 / bins.length;
  return (
    <svg viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true" className="block h-7 w-full">
      {bins.map((count, at) => {
        // A bin with anything in it is seen, however small beside the largest.
        const height = count === 0 ? 0 : Math.max(1, (count / most) * 27);
        return (
          <rect
            key={at * width}
            x={at * width}
            y={28 - height}
            width={width * 0.82}
            height={height}
            fill="var(--data)"
          />
        );
      })}
    </svg>
  );
}

function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 0.1 ? "<0.1 %" : `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}
