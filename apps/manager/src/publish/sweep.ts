import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { UNFINISHED } from "./publisher.ts";

/**
 * Removes what earlier holders of the lease left in the versions folder: unfinished copies, and files that no published version
 * names. Files of `epoch` itself are left alone. Call it with the lease in hand, before anything is published.
 */
export async function sweepVersions(
  versionsDir: string,
  model: ModelId,
  epoch: number,
  published: Set<string>,
): Promise<string[]> {
  const folder = join(versionsDir, model);
  await mkdir(folder, { recursive: true });
  const swept = (await readdir(folder)).filter((name) =>
    isLeftOver(name, epoch, published.has(`${model}/${name}`)),
  );
  for (const name of swept) await rm(join(folder, name), { force: true });
  return swept;
}

/** Pure part: whether a file of that name in a model's versions folder belongs to nobody. */
export function isLeftOver(name: string, epoch: number, isPublished: boolean): boolean {
  const of = /^v\d+-e(\d+)\.(?:duckdb|manifest\.json)(\.wal|\.unfinished|\.unfinished\.wal)?$/.exec(name);
  if (of === null || isPublished) return false;
  return Number(of[1]) < epoch || (of[2]?.startsWith(UNFINISHED) ?? false);
}
