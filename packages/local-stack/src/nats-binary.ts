import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { OLDEST_NATS } from "@teatree/shared/runtime/nats";
import { localDebianMirror, natsFromDebian } from "./nats-from-debian.ts";
import { natsFromRelease, pinnedRelease } from "./nats-release.ts";
import { isGoodNats } from "./nats-version.ts";

const PROGRAM = process.platform === "win32" ? "nats-server.exe" : "nats-server";

/**
 * Path of a nats-server that is new enough: from PATH, else from `cacheFolder`, else fetched into it.
 * Debian's newer suite goes before the upstream release on a Debian: apt's mirror is known to be reachable
 * there, and it holds the version whose behaviour was measured.
 * Throws with every reason when none can be had.
 */
export async function natsBinary(
  cacheFolder: string,
  searchPath: string,
  tell: (line: string) => void = () => {},
): Promise<string> {
  const cached = join(cacheFolder, PROGRAM);
  const candidates = searchPath
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, PROGRAM));
  for (const candidate of [...candidates, cached]) {
    if (await isGoodNats(candidate)) return candidate;
  }
  tell("fetching nats-server");
  const fetched = await fetchNats(cacheFolder);
  await moveIntoPlace(fetched, cached);
  if (await isGoodNats(cached)) return cached;
  throw new Error(`the fetched nats-server does not run here or is older than ${OLDEST_NATS}`);
}

async function fetchNats(cacheFolder: string): Promise<string> {
  const reasons: string[] = [];
  const mirror = await localDebianMirror();
  const release = pinnedRelease(process.platform, process.arch);
  const ways = [
    mirror && { name: "Debian's archive", get: () => natsFromDebian(mirror, cacheFolder) },
    release && { name: "the upstream release", get: () => natsFromRelease(release, cacheFolder) },
  ];
  for (const way of ways) {
    if (way === null) continue;
    try {
      return await way.get();
    } catch (error) {
      reasons.push(`${way.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    [
      `No nats-server ${OLDEST_NATS} or newer could be found or fetched.`,
      ...reasons.map((reason) => `  ${reason}`),
      "Install one (https://nats.io/download, on macOS: brew install nats-server) so that it is on PATH,",
      "or set NATS_URL to a server of your own.",
    ].join("\n"),
  );
}

/** Renamed into place in one step: a start that runs beside this one must never run half a file. */
async function moveIntoPlace(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const beside = `${to}.${process.pid}`;
  await copyFile(from, beside);
  await rename(beside, to);
  const relative = from.slice(dirname(to).length + 1).split(/[\\/]/)[0];
  if (relative) await rm(join(dirname(to), relative), { recursive: true, force: true });
}
