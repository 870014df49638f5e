import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { Manifest, type ManifestDifference } from "@teatree/shared/contracts/versions";
import type { VersionRow } from "@teatree/shared/control-db/versions";

/** Reads a version's manifest. Throws `not_found` when the file is not kept any more. */
export async function readManifest(versionsDirectory: string, version: VersionRow): Promise<Manifest> {
  const path = join(versionsDirectory, version.manifestFile);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new TeatreeError("not_found", "The manifest is not kept any more.", { cause });
  });
  return Manifest.parse(JSON.parse(text));
}

/** What of `manifest` differs from `since`: an edge that holds the older file needs no other blocks. */
export function manifestDifference(manifest: Manifest, since: Manifest): ManifestDifference {
  const { blocks, ...rest } = manifest;
  const changed = blocks.flatMap((hash, index) => (hash === since.blocks[index] ? [] : [{ index, hash }]));
  return { ...rest, since: since.version, changed };
}
