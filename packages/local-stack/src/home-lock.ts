import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writePrivate } from "./private-file.ts";
import { endAll, identify, isRunning, markedProcesses, type ProcessIdentity } from "./process-identity.ts";
import { StartError } from "./settings.ts";

/** Children carry it in their environment, so that what a killed start left behind can be found. */
export const STACK_MARK = "TEATREE_STACK";

const Identity = z.object({ pid: z.int(), startedAt: z.string() });
const Part = Identity.extend({ name: z.string() });

/** `running.json` in the home: who serves it, where, and with which processes. */
export const RunningFile = z.object({
  owner: Identity,
  url: z.string(),
  parts: z.array(Part),
});
export type RunningFile = z.infer<typeof RunningFile>;
export type RunningPart = z.infer<typeof Part>;

export interface HomeLock {
  /** Writes down which processes run now, so that a later start can clear them away. */
  record(parts: { name: string; pid: number }[]): Promise<void>;
  release(): Promise<void>;
}

const fileOf = (home: string) => join(home, "running.json");

/** Who serves this home, as far as written down; null when nobody does. */
export async function readRunning(home: string): Promise<RunningFile | null> {
  const text = await readFile(fileOf(home), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return RunningFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Makes this process the only one that serves `home`.
 * Throws a StartError that names the process and its address when another does. What a killed start left running
 * is ended first: two nats-servers or two writers on one folder would destroy it.
 */
export async function lockHome(
  home: string,
  stackId: string,
  url: string,
  onLeftovers: (names: string[]) => void = () => {},
): Promise<HomeLock> {
  await makeHome(home);
  const me = await identify(process.pid);
  if (me === null) throw new Error("this process does not find itself");
  const lock = join(home, "lock");
  for (;;) {
    const taken = await take(lock, me);
    if (taken) break;
    await refuseWhenServed(home, lock);
    // Only one of several starts wins this rename, so a fresh lock is never removed as a stale one.
    const stale = `${lock}.stale-${me.pid}`;
    await rename(lock, stale).catch(() => {});
    await rm(stale, { force: true });
  }
  await clearLeftovers(home, stackId, onLeftovers);
  const write = async (parts: { name: string; pid: number }[]) => {
    const known = await Promise.all(parts.map(async ({ name, pid }) => ({ name, ...(await identify(pid)) })));
    const running = known.filter((part) => Part.safeParse(part).success);
    await writePrivate(fileOf(home), `${JSON.stringify({ owner: me, url, parts: running }, null, 2)}\n`);
  };
  await write([]);
  let released = false;
  let writing = Promise.resolve();
  return {
    record(parts) {
      // One after the other: an older list must not come to lie over a newer one, nor any over a release.
      writing = writing.catch(() => {}).then(() => (released ? undefined : write(parts)));
      return writing;
    },
    async release() {
      released = true;
      await writing.catch(() => {});
      await rm(fileOf(home), { force: true });
      await rm(lock, { force: true });
    },
  };
}

async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(join(home, ".writable"), "");
    await rm(join(home, ".writable"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The folder ${home} cannot be used: ${reason}\nChoose another: TEATREE_HOME=/some/folder npm start`,
    );
  }
}

async function take(lock: string, me: ProcessIdentity): Promise<boolean> {
  try {
    await writeFile(lock, JSON.stringify(me), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function refuseWhenServed(home: string, lock: string): Promise<void> {
  const text = await readFile(lock, "utf8").catch(() => "");
  const holder = Identity.safeParse(text === "" ? null : JSON.parse(text));
  if (!holder.success || !(await isRunning(holder.data))) return;
  const running = await readRunning(home);
  const where = running === null ? "" : ` at ${running.url}`;
  throw new StartError(
    [
      `Teatree is already running on ${home} (process ${holder.data.pid}${where}).`,
      `Stop it with: kill ${holder.data.pid}`,
      "Or start a second one beside it: PORT=3001 TEATREE_HOME=./.teatree-2 npm start",
    ].join("\n"),
  );
}

async function clearLeftovers(
  home: string,
  stackId: string,
  onLeftovers: (names: string[]) => void,
): Promise<void> {
  const recorded = (await readRunning(home))?.parts ?? [];
  const alive = await Promise.all(recorded.map(isRunning));
  const servers = recorded.filter((_, index) => alive[index]);
  const marked = await markedProcesses(STACK_MARK, stackId);
  const all = new Map([...marked, ...servers].map((identity) => [identity.pid, identity]));
  if (all.size === 0) return;
  onLeftovers(servers.map(({ name }) => name));
  // PostgreSQL takes SIGINT for a fast stop and SIGTERM for one that waits for clients; the others take both.
  await endAll([...all.values()], "SIGINT", 5_000);
}
