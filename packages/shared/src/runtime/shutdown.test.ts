import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";
import { createShutdown, isAlive } from "./shutdown.ts";

const logger = createLogger("test", "silent");

test("what was added last is released first, once, and a failure does not stop the rest", async () => {
  const shutdown = createShutdown(logger, { ownsProcess: false });
  const released: string[] = [];
  shutdown.add("first", () => released.push("first"));
  shutdown.add("broken", () => {
    throw new Error("broken");
  });
  shutdown.add("last", async () => released.push("last"));
  await Promise.all([shutdown.run("test"), shutdown.run("again")]);
  expect(released).toEqual(["last", "first"]);
});

test("the signal is aborted before anything is released", async () => {
  const shutdown = createShutdown(logger, { ownsProcess: false });
  let aborted = false;
  shutdown.add("look", () => {
    aborted = shutdown.signal.aborted;
  });
  await shutdown.run("test");
  expect(aborted).toBe(true);
});

test("this process is alive, and one that cannot exist is not", () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(2 ** 30)).toBe(false);
});
