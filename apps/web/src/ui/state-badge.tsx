import { cx } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";

type Tone = "ok" | "run" | "stale" | "fail" | "idle";

/** Every state a thing of ours can be in: icon, colour and the word that is also its accessible name. */
export const STATES = {
  never: { icon: "dashed", tone: "idle", word: "never run" },
  queued: { icon: "clock", tone: "idle", word: "queued" },
  running: { icon: "ring", tone: "run", word: "running" },
  fresh: { icon: "ok", tone: "ok", word: "fresh" },
  applied: { icon: "ok", tone: "ok", word: "applied" },
  current: { icon: "ok", tone: "ok", word: "current" },
  stored: { icon: "ok", tone: "ok", word: "stored" },
  done: { icon: "ok", tone: "ok", word: "done" },
  stale: { icon: "stale", tone: "stale", word: "stale" },
  behind: { icon: "stale", tone: "stale", word: "behind" },
  failed: { icon: "failed", tone: "fail", word: "failed" },
  cancelled: { icon: "stopped", tone: "idle", word: "cancelled" },
  skipped: { icon: "dashed", tone: "idle", word: "skipped" },
  waiting: { icon: "dashed", tone: "idle", word: "waiting" },
  pending: { icon: "ring", tone: "run", word: "under way" },
  empty: { icon: "dashed", tone: "idle", word: "empty" },
} as const satisfies Record<string, { icon: IconName; tone: Tone; word: string }>;

export type State = keyof typeof STATES;

const TEXT: Record<Tone, string> = {
  ok: "text-ok",
  run: "text-run",
  stale: "text-stale",
  fail: "text-fail",
  idle: "text-idle",
};
const GROUND: Record<Tone, string> = {
  ok: "bg-ok-soft",
  run: "bg-run-soft",
  stale: "bg-stale-soft",
  fail: "bg-fail-soft",
  idle: "bg-idle-soft",
};

/**
 * The one way to show a state. `pill` puts it on a soft ground, for the page's own state only; `label` says the state in
 * other words (`3 behind`).
 */
export function StateBadge({
  state,
  label,
  pill,
  className,
}: {
  state: State;
  label?: string;
  pill?: boolean;
  className?: string;
}) {
  const { icon, tone, word } = STATES[state];
  const turning = icon === "ring";
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.25 whitespace-nowrap align-middle text-meta font-medium",
        TEXT[tone],
        pill && cx("h-5.5 rounded-full py-0.75 pr-2 pl-1.5", GROUND[tone]),
        className,
      )}
    >
      <Icon name={icon} size="s" className={turning ? "spin-slow" : undefined} />
      {label ?? word}
    </span>
  );
}
