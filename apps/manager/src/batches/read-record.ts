import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { Manifest } from "@teatree/shared/contracts/versions";
import { z } from "zod";

const FILE = "reads.json";
const Record = z.record(z.string(), Manifest.shape.reads);
type Record = z.infer<typeof Record>;

/**
 * Notes which versions of other models an intent reads before it runs, so that a manifest can name them even when the manager
 * died between the commit and the publication. `workDir` is the live file's folder.
 */
export async function noteReads(workDir: string, id: IntentId, reads: Manifest["reads"]): Promise<void> {
  if (Object.keys(reads).length === 0) return;
  await save(workDir, { ...load(workDir), [id]: reads });
}

/** What the given intents read, by name; a name that stands for two versions gets the version behind it. */
export function notedReads(workDir: string, ids: IntentId[]): Manifest["reads"] {
  const record = load(workDir);
  const merged: Manifest["reads"] = {};
  for (const id of ids) {
    for (const [name, read] of Object.entries(record[id] ?? {})) {
      const taken = merged[name];
      const same = taken?.model === read.model && taken?.version === read.version;
      merged[taken === undefined || same ? name : `${name}@${read.version}`] = read;
    }
  }
  return merged;
}

/** Forgets all: every noted intent is published. */
export async function clearReads(workDir: string): Promise<void> {
  if (Object.keys(load(workDir)).length > 0) await save(workDir, {});
}

async function save(workDir: string, record: Record): Promise<void> {
  const path = join(workDir, FILE);
  await writeFile(`${path}.new`, JSON.stringify(record));
  await rename(`${path}.new`, path);
}

function load(workDir: string): Record {
  try {
    return Record.parse(JSON.parse(readFileSync(join(workDir, FILE), "utf8")));
  } catch {
    return {};
  }
}
