import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { identityOf, isProvablyDead, ProcessIdentity } from "../lease/process-identity.ts";

const HOLDER_FILE = "holder.json";
/** A holder that cannot be asked, on another machine say, is believed dead after so long. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;

/** Where the readers of one model keep the links to the files they use. */
function leasesFolder(versionsDir: string, modelId: ModelId): string {
  return join(versionsDir, ".leases", modelId);
}

/** Makes a folder for the links of one process, with a note of whose it is. */
export async function makeLeaseFolder(versionsDir: string, modelId: ModelId, pid: number): Promise<string> {
  const folder = join(leasesFolder(versionsDir, modelId), randomUUID());
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, HOLDER_FILE), JSON.stringify(identityOf(pid)));
  return folder;
}

/** Removes what readers that are dead have left, so that the files they used can be put to new use. */
export async function sweepLeases(versionsDir: string, modelId: ModelId): Promise<void> {
  const folder = leasesFolder(versionsDir, modelId);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (await isOver(path)) await rm(path, { recursive: true, force: true });
  }
}

async function isOver(path: string): Promise<boolean> {
  const holder = await holderOf(path);
  if (holder !== null && isProvablyDead(holder)) return true;
  const facts = await stat(path).catch(() => null);
  return facts !== null && Date.now() - facts.mtimeMs > FORGOTTEN_AFTER_MS;
}

async function holderOf(folder: string): Promise<ProcessIdentity | null> {
  try {
    return ProcessIdentity.parse(JSON.parse(await readFile(join(folder, HOLDER_FILE), "utf8")));
  } catch {
    return null;
  }
}
