import type { PackName } from "@teatree/shared/block-store/pack-name";

/** A version's file that lies in the cache and need not stay. */
export type KnownFile = { name: PackName; bytes: number; inUse: boolean };

const MEGABYTE = 1024 * 1024;

/**
 * How many old files stay beside the current one and its parent, by the size of a file: a read of a version that was current a
 * moment ago should find it, and three large files are enough to publish by patching for ever.
 */
function spareFiles(bytes: number): number {
  if (bytes <= 64 * MEGABYTE) return 6;
  return bytes <= 512 * MEGABYTE ? 3 : 1;
}

/** Old files that may be patched into a new one of `bytes` bytes, best first: the oldest is the least likely to be read again. */
export function chooseBase(files: KnownFile[], bytes: number): KnownFile[] {
  const free = unused(files);
  return free.length < spareFiles(bytes) ? [] : free;
}

/** Files to remove, oldest first: those that a history that was browsed, or readers that were slow, left behind. */
export function chooseSurplus(files: KnownFile[]): KnownFile[] {
  const free = unused(files);
  const most = Math.max(...free.map(({ bytes }) => bytes), 0);
  return free.slice(0, Math.max(0, free.length - spareFiles(most)));
}

function unused(files: KnownFile[]): KnownFile[] {
  return files
    .filter(({ inUse }) => !inUse)
    .sort((a, b) => a.name.version - b.name.version || a.name.epoch - b.name.epoch);
}
