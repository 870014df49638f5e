import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

/** Nothing is here yet, and what to do about it. `children` are the next steps. */
export function EmptyState({
  icon,
  title,
  hint,
  children,
}: {
  icon: IconName;
  title: string;
  hint: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-1 rounded-m border border-dashed border-line px-4 py-4">
      <p className="flex items-center gap-2 font-medium">
        <Icon name={icon} className="text-ink-3" />
        {title}
      </p>
      <div className="text-ink-2">{hint}</div>
      {children ? <div className="mt-2 flex flex-wrap gap-1.5">{children}</div> : null}
    </div>
  );
}

/** Something went wrong: what, why, and what to do. Announced when it appears. */
export function ErrorNotice({
  title,
  detail,
  children,
}: {
  title: string;
  detail?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-m bg-fail-soft px-3 py-2.5">
      <p className="flex items-center gap-1.5 font-medium text-fail">
        <Icon name="failed" size="s" />
        {title}
      </p>
      {detail ? <div className="break-words text-ink-2">{detail}</div> : null}
      {children ? <div className="mt-1 flex flex-wrap gap-1.5">{children}</div> : null}
    </div>
  );
}

/** A soft line of advice inside a page. */
export function Notice({
  tone = "idle",
  icon,
  children,
}: {
  tone?: "idle" | "stale" | "run";
  icon?: IconName;
  children: ReactNode;
}) {
  const ground = { idle: "bg-idle-soft", stale: "bg-stale-soft", run: "bg-run-soft" }[tone];
  return (
    <div className={`flex items-start gap-2 rounded-m px-3 py-2 ${ground}`}>
      {icon ? <Icon name={icon} size="s" className="mt-0.75 text-ink-2" /> : null}
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
