import { expect, test } from "vitest";
import { TeatreeError } from "../contracts/errors.ts";
import { errorCodeOf } from "./error-code.ts";
import { RETRIES, retry, retryDelayMs } from "./retry.ts";

const withCode = (code: string) => Object.assign(new Error("x"), { code });

test.each([
  [new TeatreeError("table_not_found", "x"), "table_not_found"],
  [withCode("ECONNREFUSED"), "unavailable"],
  [withCode("57P01"), "unavailable"],
  [withCode("40001"), "unavailable"],
  [withCode("23505"), "internal"],
  [withCode("ENOSPC"), "disk_full"],
  [Object.assign(new Error("x"), { name: "TimeoutError" }), "unavailable"],
  [new Error("Connection terminated unexpectedly"), "unavailable"],
  [new Error("outer", { cause: withCode("EPIPE") }), "unavailable"],
  [new AggregateError([withCode("ECONNREFUSED")]), "unavailable"],
  [new Error("nobody foresaw this"), "internal"],
  ["not even an error", "internal"],
])("%o stands for %s", (error, code) => {
  expect(errorCodeOf(error)).toBe(code);
});

test.each([
  ["interactive", "unavailable", 1, 50],
  ["interactive", "unavailable", 2, 200],
  ["interactive", "unavailable", 3, null],
  ["interactive", "sql_error", 1, null],
  ["background", "unavailable", 99, 10_000],
  ["background", "disk_full", 1, 1_000],
  ["background", "invalid_arguments", 1, null],
] as const)("table %s, %s, failed try %i: wait %s ms", (table, code, attempt, delayMs) => {
  expect(retryDelayMs(RETRIES[table], code, attempt)).toBe(delayMs);
});

test("a passing fault is tried again, and what the last try gave is given", async () => {
  const table = { name: "test", delaysMs: { unavailable: [1, 1] } } as const;
  const tried: number[] = [];
  const value = await retry(table, async (attempt) => {
    tried.push(attempt);
    if (attempt < 3) throw new TeatreeError("unavailable", "not yet");
    return "there";
  });
  expect({ value, tried }).toEqual({ value: "there", tried: [1, 2, 3] });
});

test("a fault of the caller is thrown at once", async () => {
  let tries = 0;
  const failing = retry(RETRIES.background, async () => {
    tries += 1;
    throw new TeatreeError("invalid_arguments", "no");
  });
  await expect(failing).rejects.toMatchObject({ code: "invalid_arguments" });
  expect(tries).toBe(1);
});

test("an aborted signal ends the waiting", async () => {
  const controller = new AbortController();
  const failing = retry(
    RETRIES.background,
    async () => {
      throw new TeatreeError("disk_full", "full");
    },
    { signal: controller.signal, onRetry: () => controller.abort() },
  );
  await expect(failing).rejects.toThrow();
});
