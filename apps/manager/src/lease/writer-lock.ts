import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { isProvablyDead, ProcessIdentity } from "./process-identity.ts";

const LOCK_FILE = "writer.json";
const Lock = z.object({ writer: ProcessIdentity.nullable() });

/**
 * Writes down who works in a folder. Null goes there before a writer is started: whoever finds it knows that somebody
 * unknown may be at work.
 */
export async function noteWriter(dir: string, writer: ProcessIdentity | null): Promise<void> {
  const path = join(dir, LOCK_FILE);
  await writeFile(`${path}.new`, JSON.stringify({ writer }));
  await rename(`${path}.new`, path);
}

/** The writer noted in a folder; null when nobody is or it cannot be read. */
export function notedWriter(dir: string): ProcessIdentity | null {
  try {
    return Lock.parse(JSON.parse(readFileSync(join(dir, LOCK_FILE), "utf8"))).writer;
  } catch {
    return null;
  }
}

/**
 * Whether the folder's writer is proven dead. One that lives is an orphan, as the caller holds the lease and its manager
 * is `orphaned`: it is killed and waited for, 2 s at most.
 */
export async function writerIsDead(dir: string, orphaned: boolean): Promise<boolean> {
  const writer = notedWriter(dir);
  if (writer === null) return false;
  if (isProvablyDead(writer)) return true;
  // Its identity says that it runs on this machine and is no other process.
  if (!orphaned || !livesHere(writer)) return false;
  process.kill(writer.pid, "SIGKILL");
  const deadline = performance.now() + 2_000;
  while (!isProvablyDead(writer)) {
    if (performance.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

function livesHere(writer: ProcessIdentity): boolean {
  // A start that no process has: "dead" then means this machine is the one that can tell.
  return isProvablyDead({ ...writer, startedAt: "never" });
}
