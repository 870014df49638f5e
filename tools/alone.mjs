import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TOOLS } from "./paths.mjs";

/** Lets one start or test run at a time install and build in this clone; the others wait, and find it done. */
export async function alone(progress, work) {
  mkdirSync(TOOLS, { recursive: true });
  const lock = join(TOOLS, "prepare.lock");
  if (!tryLock(lock)) {
    await progress.step("Waiting for another start that prepares this clone", async () => {
      while (!tryLock(lock)) await delay(200);
    });
  }
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const holder = Number(readText(lock));
  if (holder === 0 || isAlive(holder)) return false;
  // Its holder was killed.
  rmSync(lock, { force: true });
  return tryLock(lock);
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
