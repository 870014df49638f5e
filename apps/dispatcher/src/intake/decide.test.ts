import { IntentId, ModelId } from "@teatree/shared/contracts/ids";
import type { QueuedIntent } from "@teatree/shared/contracts/manager-api";
import { expect, test } from "vitest";
import { fateOf, nextRound, type ReadMessage } from "./decide.ts";

const intentId = IntentId.parse("0198c1de-0000-7000-8000-000000000001");
const intent: QueuedIntent = {
  intentId,
  modelId: ModelId.parse("0198c1de-0000-7000-8000-000000000002"),
  call: { function: "sql", args: { sql: "SELECT 1" } },
  baseVersion: null,
  submittedBy: "test",
  submittedAt: "2026-01-01T00:00:00.000Z",
};

const waiting: ReadMessage = { sequence: 7, traceparent: "trace", intent, intentId, status: "queued" };
const item = { sequence: 7, traceparent: "trace", intent };

test.each([
  ["waits", waiting, { what: "send", item }],
  ["was under way when its manager died", { ...waiting, status: "running" }, { what: "send", item }],
  ["has no trace", { ...waiting, traceparent: undefined }, { what: "send", item: { sequence: 7, intent } }],
  ["was applied before", { ...waiting, status: "applied" }, { what: "skip", why: "already final" }],
  ["failed before", { ...waiting, status: "failed" }, { what: "skip", why: "already final" }],
  ["was cancelled before", { ...waiting, status: "cancelled" }, { what: "skip", why: "already final" }],
  ["was never recorded", { ...waiting, status: undefined }, { what: "skip", why: "never recorded" }],
  [
    "cannot be read, though a job waits for it",
    { ...waiting, intent: undefined },
    { what: "restore", intentId },
  ],
  [
    "cannot be read, and its job is done",
    { ...waiting, intent: undefined, status: "applied" },
    { what: "skip", why: "already final" },
  ],
  [
    "cannot be read, and nobody waits",
    { ...waiting, intent: undefined, status: undefined },
    { what: "skip", why: "unreadable" },
  ],
  [
    "cannot be read, and says of nobody that it is his",
    { ...waiting, intent: undefined, intentId: undefined, status: undefined },
    { what: "skip", why: "unreadable" },
  ],
] as const)("a message that %s", (_name, message, fate) => {
  expect(fateOf(message)).toEqual(fate);
});

test.each([
  ["nothing was read", { lastRead: null, lastSent: null, position: 5 }, "rest"],
  ["nothing of it was for the manager", { lastRead: 9, lastSent: null, position: 5 }, "behind"],
  ["the position moved to what was sent", { lastRead: 9, lastSent: 9, position: 9 }, "again"],
  ["the position moved beyond", { lastRead: 9, lastSent: 8, position: 12 }, "again"],
  ["the position stands still", { lastRead: 9, lastSent: 9, position: 5 }, "back off"],
] as const)("when %s", (_name, round, next) => {
  expect(nextRound(round)).toBe(next);
});
