import type { Notification } from "@teatree/shared/contracts/notifications";

/** The last `seq` seen of each model, by model id. */
export type Seen = Readonly<Record<string, number>>;

export type Verdict = "deliver" | "gap" | "old";

/**
 * What to do with a notification: they are shown in order, never backwards. A gap means that something was missed while
 * the connection was away and must be read first.
 */
export function judge(seen: Seen, { modelId, seq }: Pick<Notification, "modelId" | "seq">): Verdict {
  const last = seen[modelId];
  if (last === undefined) return "deliver";
  if (seq <= last) return "old";
  return seq === last + 1 ? "deliver" : "gap";
}

export function mark(seen: Seen, { modelId, seq }: Pick<Notification, "modelId" | "seq">): Seen {
  return { ...seen, [modelId]: Math.max(seq, seen[modelId] ?? 0) };
}

/** Splits what was read after a gap into what is new, oldest first, and what is seen after it. */
export function catchUp(seen: Seen, missed: Notification[]): { fresh: Notification[]; seen: Seen } {
  const fresh: Notification[] = [];
  let after = seen;
  for (const notification of [...missed].sort((a, b) => a.seq - b.seq)) {
    if (judge(after, notification) === "old") continue;
    fresh.push(notification);
    after = mark(after, notification);
  }
  return { fresh, seen: after };
}
