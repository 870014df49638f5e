import { createLogger } from "@teatree/shared/runtime/logger";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Collection } from "./collect.ts";
import { startRetention } from "./retention.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const nothing: Collection = {
  removedVersions: [],
  packsRemoved: 0,
  packsThinned: 0,
  archiveFilesRemoved: 0,
  bytesFreed: 0,
  bytesKept: 0,
  remaining: { versions: 0, bytes: 0, until: null },
  isDone: true,
};

type Surroundings = { idleMs?: () => number; isWanted?: boolean };

function start(
  turns: Partial<Collection>[] = [],
  { idleMs = () => 60_000, isWanted = true }: Surroundings = {},
) {
  let ran = 0;
  const turn = async () => {
    ran += 1;
    return { ...nothing, removedVersions: [], ...turns[ran - 1] };
  };
  const logger = createLogger("test", "silent");
  const retention = startRetention({ turn, isWanted: async () => isWanted, idleMs, logger });
  return { retention, ran: () => ran };
}

test("many versions within a minute are one collection, and the next one a minute later", async () => {
  const { retention, ran } = start();
  for (let version = 0; version < 5; version += 1) retention.kick();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ran()).toBe(1);
  retention.kick();
  await vi.advanceTimersByTimeAsync(50_000);
  expect(ran()).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ran()).toBe(2);
});

test("a model that is in use is left alone until it is not", async () => {
  let idle = 0;
  const { retention, ran } = start([], { idleMs: () => idle });
  retention.kick();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(ran()).toBe(0);
  idle = 5_000;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(ran()).toBe(1);
});

test("without a policy nothing runs by itself", async () => {
  const { retention, ran } = start([], { isWanted: false });
  retention.kick();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(ran()).toBe(0);
});

test("what waits for its grace period is collected when that is over", async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const { retention, ran } = start([{ remaining: { versions: 1, bytes: 10, until } }]);
  await retention.collect();
  await vi.advanceTimersByTimeAsync(3_590_000);
  expect(ran()).toBe(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ran()).toBe(2);
});

test("a collection that made room goes on, and its parts are added up", async () => {
  const { retention } = start([
    { isDone: false, removedVersions: [1, 2], packsRemoved: 1, bytesFreed: 10, bytesKept: 90 },
    { packsThinned: 1, bytesFreed: 5, bytesKept: 85 },
  ]);
  expect(await retention.collect()).toEqual({
    removedVersions: [1, 2],
    packsRemoved: 1,
    packsThinned: 1,
    archiveFilesRemoved: 0,
    bytesFreed: 15,
    bytesKept: 85,
    remaining: { versions: 0, bytes: 0, until: null },
  });
});

test("one that is stopped wakes no more", async () => {
  const { retention, ran } = start();
  retention.kick();
  retention.stop();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(ran()).toBe(0);
});
