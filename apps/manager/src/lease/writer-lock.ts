import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isProvablyDead, ProcessIdentity } from "./process-identity.ts";

const LOCK_FILE = "writer.json";

/** Who works in a folder: the manager, and its writer once that is known. */
export const WriterLock = z.object({ manager: ProcessIdentity, writer: ProcessIdentity.nullable() });
export type WriterLock = z.infer<typeof WriterLock>;

/**
 * Notes who works in a folder. The writer is null before one is started: whoever finds that knows that somebody unknown may
 * be at work.
 */
export async function noteWriter(dir: string, lock: WriterLock): Promise<void> {
  const path = join(dir, LOCK_FILE);
  await writeFile(`${path}.new`, JSON.stringify(lock));
  await rename(`${path}.new`, path);
}

/**
 * Whether nobody can write to the folder any more. Needs the manager proven dead, as it could start another writer; a writer
 * that outlives its manager is an orphan: it is killed, and waited for up to 2 s.
 */
export async function isAbandoned(dir: string): Promise<boolean> {
  const lock = readLock(dir);
  if (lock === null || !isProvablyDead(lock.manager) || lock.writer === null) return false;
  const deadline = performance.now() + 2_000;
  while (!isProvablyDead(lock.writer)) {
    if (performance.now() > deadline || !kill(lock.writer.pid)) return false;
    await delay(10);
  }
  return true;
}

function readLock(dir: string): WriterLock | null {
  try {
    return WriterLock.parse(JSON.parse(readFileSync(join(dir, LOCK_FILE), "utf8")));
  } catch {
    return null;
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    // Gone between the question and the kill: the next look proves it.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
