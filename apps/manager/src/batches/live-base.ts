import { readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PackName } from "@teatree/shared/block-store/pack-name";
import { ModelId } from "@teatree/shared/contracts/ids";
import { z } from "zod";

const FILE = "base.json";
const Base = z.object({ model: ModelId, version: z.int().min(1), epoch: z.int().min(1) }).nullable();

/**
 * Notes in a live file's folder of which version's blocks it was made, when that is not the current one; null: of none. What is
 * published next is compared with that one.
 */
export async function noteBase(workDir: string, base: PackName | null): Promise<void> {
  const path = join(workDir, FILE);
  await writeFile(`${path}.new`, JSON.stringify(base));
  await rename(`${path}.new`, path);
}

/** What was noted; undefined when nothing was. */
export function notedBase(workDir: string): PackName | null | undefined {
  try {
    return Base.parse(JSON.parse(readFileSync(join(workDir, FILE), "utf8")));
  } catch {
    return undefined;
  }
}

/** The live file has been published: from here on it is made of the current version's blocks. */
export async function clearBase(workDir: string): Promise<void> {
  await rm(join(workDir, FILE), { force: true });
}
