import { readDownload, type Transfer } from "./read-download.ts";

export type SnapshotOfVersion = {
  modelId: string;
  version: number;
  /** Root hash of the version: in the name, so that a wrong file can never be taken for it. */
  hash: string;
  bytes: number;
  url: string;
};

const FOLDER = "teatree-snapshots";

/**
 * The snapshot as a file of the browser: from the private file system when an earlier visit put it there, else
 * downloaded into it. Where there is no private file system it is held in memory.
 */
export async function snapshotFile(
  snapshot: SnapshotOfVersion,
  options: { signal: AbortSignal; onProgress: (transfer: Transfer) => void },
): Promise<File> {
  const folder = await openFolder();
  if (!folder) return downloadToMemory(snapshot, options);
  const name = fileName(snapshot);
  const kept = await keptFile(folder, name);
  if (kept?.size === snapshot.bytes) return kept;
  const handle = await folder.getFileHandle(name, { create: true });
  // What is written appears under the name only at close(): a closed tab leaves no half file.
  const writable = await handle.createWritable();
  try {
    await readDownload(snapshot.url, {
      ...options,
      totalBytes: snapshot.bytes,
      onBytes: (bytes) => writable.write(bytes),
    });
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
  return handle.getFile();
}

/** What the server says of a version, read from the name of the file that is kept of it. */
export type KeptSnapshot = Omit<SnapshotOfVersion, "url">;

/** The version of the model, or the newest, as far as it lies whole on this device; null when it does not. */
export async function keptSnapshot(modelId: string, wanted: number | "latest"): Promise<KeptSnapshot | null> {
  const folder = await openFolder();
  if (!folder) return null;
  let found: KeptSnapshot | null = null;
  for await (const [name, handle] of folder.entries()) {
    const version = versionOf(name, modelId);
    if (version === null || handle.kind !== "file" || version <= (found?.version ?? 0)) continue;
    if (wanted !== "latest" && version !== wanted) continue;
    const bytes = (await keptFile(folder, name))?.size ?? 0;
    if (bytes > 0) found = { modelId, version, hash: hashOf(name), bytes };
  }
  return found;
}

export function fileName({
  modelId,
  version,
  hash,
}: Pick<SnapshotOfVersion, "modelId" | "version" | "hash">): string {
  return `${modelId}-v${version}-${hash.slice(0, 16)}.duckdb`;
}

/** The version a kept file's name says, or null when it is of another model. */
export function versionOf(name: string, modelId: string): number | null {
  const match = /^-v([1-9]\d*)-[0-9a-f]{16}\.duckdb$/.exec(
    name.startsWith(modelId) ? name.slice(modelId.length) : "",
  );
  return match ? Number(match[1]) : null;
}

/** The beginning of the version's root hash, which is all that a file's name needs of it. */
function hashOf(name: string): string {
  return /-([0-9a-f]{16})\.duckdb$/.exec(name)?.[1] ?? "";
}

async function openFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create: true });
  } catch {
    // Private windows and old browsers refuse.
    return null;
  }
}

async function keptFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}

async function downloadToMemory(
  snapshot: SnapshotOfVersion,
  options: { signal: AbortSignal; onProgress: (transfer: Transfer) => void },
): Promise<File> {
  const pieces: Blob[] = [];
  await readDownload(snapshot.url, {
    ...options,
    totalBytes: snapshot.bytes,
    onBytes: (bytes) => {
      pieces.push(bytes);
    },
  });
  return new File(pieces, fileName(snapshot));
}
