import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes what earlier holders of the lease left in a folder of snapshot files or packs: unfinished ones, and those that no published
 * version names. Files of `epoch` itself are left alone. Call it with the lease in hand, before anything is published.
 */
export async function sweepFolder(folder: string, epoch: number, published: Set<string>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const swept = (await readdir(folder)).filter((name) => isLeftOver(name, epoch, published.has(name)));
  for (const name of swept) await rm(join(folder, name), { force: true });
  return swept;
}

/** Pure part: whether a file of that name in a model's versions or packs folder belongs to nobody. */
export function isLeftOver(name: string, epoch: number, isPublished: boolean): boolean {
  const of = /^v\d+-e(\d+)\.(?:duckdb|pack)((?:\.[0-9a-f-]{36})?\.unfinished(?:\.wal)?|\.wal)?$/.exec(name);
  if (of === null || isPublished) return false;
  return Number(of[1]) < epoch || of[2]?.includes(".unfinished") === true;
}
