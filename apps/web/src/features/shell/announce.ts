import type { Notification } from "@teatree/shared/contracts/notifications";

/** How a notification reads as a toast: it names its model, since one page hears of many. */
export function announcementOf({ kind, title, summary, jobId, version, model }: Notification) {
  const link =
    kind === "applied" && version !== null
      ? { label: `v${version}`, href: `/models/${model}/versions/${version}` }
      : { label: "Open job", href: `/jobs/${jobId}` };
  const tone = { applied: "ok", failed: "fail", cancelled: "idle" } as const;
  return { message: `${model} · ${title}`, detail: summary, tone: tone[kind], link };
}
