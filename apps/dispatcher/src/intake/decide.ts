import type { IntentId } from "@teatree/shared/contracts/ids";
import { isFinal, type JobStatus } from "@teatree/shared/contracts/jobs";
import type { BatchItem, QueuedIntent } from "@teatree/shared/contracts/manager-api";

/** What was found out about one message. */
export interface ReadMessage {
  sequence: number;
  traceparent: string | undefined;
  /** Undefined: it cannot be read. */
  intent: QueuedIntent | undefined;
  /** The intent it is about, by its content or else by its id header. */
  intentId: IntentId | undefined;
  /** What PostgreSQL says of that intent; undefined: it was never recorded for this model. */
  status: JobStatus | undefined;
}

export type MessageFate =
  /** Hand it to the manager. */
  | { what: "send"; item: BatchItem }
  /** A job waits for it, but the message cannot be read: make it again from the job's row, or fail the job. */
  | { what: "restore"; intentId: IntentId }
  /**
   * Nobody waits for it. A final intent lies behind the position only when it was published a second time; the
   * position passes such messages with the next one that is sent.
   */
  | { what: "skip"; why: "never recorded" | "unreadable" | "already final" };

/** What becomes of one message of the stream. PostgreSQL decides who may run; the stream only decides the order. */
export function fateOf(message: ReadMessage): MessageFate {
  const { intent, intentId, status, sequence, traceparent } = message;
  if (status === undefined || intentId === undefined) {
    return { what: "skip", why: intent === undefined ? "unreadable" : "never recorded" };
  }
  if (isFinal(status)) return { what: "skip", why: "already final" };
  if (intent === undefined) return { what: "restore", intentId };
  return { what: "send", item: { sequence, intent, ...(traceparent === undefined ? {} : { traceparent }) } };
}

/** What to do after a round for one model. */
export type NextRound =
  /** Read on from the position. */
  | "again"
  /** Nothing to send in what was read: read on behind it. */
  | "behind"
  /** Wait for the doorbell or the sweep. */
  | "rest"
  /** The manager said done, but the position stands still: something is wrong, do not spin. */
  | "back off";

export interface Round {
  /** Highest sequence of what was read; null: nothing waits. */
  lastRead: number | null;
  /** Highest sequence of what was handed to the manager; null: nothing of it was for the manager. */
  lastSent: number | null;
  /** The model's position after the round. */
  position: number;
}

export function nextRound({ lastRead, lastSent, position }: Round): NextRound {
  if (lastRead === null) return "rest";
  if (lastSent === null) return "behind";
  return position >= lastSent ? "again" : "back off";
}
