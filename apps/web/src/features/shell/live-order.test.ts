import { Notification } from "@teatree/shared/contracts/notifications";
import { describe, expect, test } from "vitest";
import { catchUp, judge, mark } from "./live-order.ts";

const model = "01900000-0000-7000-8000-000000000001";

function notification(seq: number) {
  return Notification.parse({
    id: `01900000-0000-7000-8000-00000000010${seq % 10}`,
    seq,
    model: "flights",
    modelId: model,
    jobId: "01900000-0000-7000-8000-000000000002",
    version: seq,
    kind: "applied",
    title: "t",
    summary: "s",
    createdAt: "2026-11-22T11:00:00.000Z",
    readAt: null,
  });
}

describe("the order of notifications", () => {
  test.each([
    [{}, 7, "deliver"],
    [{ [model]: 3 }, 4, "deliver"],
    [{ [model]: 3 }, 5, "gap"],
    [{ [model]: 3 }, 3, "old"],
    [{ [model]: 3 }, 1, "old"],
    [{ other: 9 }, 1, "deliver"],
  ])("after %j number %d means %s", (seen, seq, verdict) => {
    expect(judge(seen, notification(seq))).toBe(verdict);
  });

  test("what was seen never goes back", () => {
    expect(mark({ [model]: 5 }, notification(3))).toEqual({ [model]: 5 });
  });

  test("what was missed comes oldest first and each one once", () => {
    const { fresh, seen } = catchUp({ [model]: 2 }, [4, 3, 5, 3, 1].map(notification));
    expect(fresh.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(seen).toEqual({ [model]: 5 });
  });
});
