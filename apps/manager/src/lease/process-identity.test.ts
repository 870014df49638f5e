import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identityOf, isProvablyDead, ownIdentity } from "./process-identity.ts";

async function sleeper() {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  const identity = identityOf(child.pid ?? 0);
  if (identity === null) throw new Error("the test needs /proc");
  return { child, identity };
}

test("a living process is not dead, also while it is stopped, and is once it was killed", async () => {
  const { child, identity } = await sleeper();
  expect(isProvablyDead(identity)).toBe(false);
  child.kill("SIGSTOP");
  expect(isProvablyDead(identity)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isProvablyDead(identity)).toBe(true);
});

test("a process id that was given to another process proves the first one dead", () => {
  expect(isProvablyDead({ ...ownIdentity(), startedAt: "1" })).toBe(true);
});

test.each([["another machine"], [null]])("nothing is proven about a process on %s", (machine) => {
  expect(isProvablyDead({ machine, pid: 999_999_999, startedAt: "1" })).toBe(false);
});
