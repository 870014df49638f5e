import { hash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { encodeIndex, PACK_MAGIC, type PackIndex, type Slot } from "@teatree/shared/block-store/pack-format";
import type { OpenPack } from "@teatree/shared/block-store/pack-places";
import { unpack } from "@teatree/shared/block-store/pack-writer";

/** Neighbours are read and written together, up to so many bytes. */
const RUN_BYTES = 2 * 1024 * 1024;

/**
 * Writes a pack anew with only the named slots: same record, same list, same slot numbers, other offsets. Every block is checked
 * against the hash that it is named with. Synced when it resolves; gives its length. Throws, with nothing left behind, when a
 * block is not what it should be.
 */
export async function thinPack(
  copy: OpenPack,
  index: PackIndex,
  named: ReadonlyMap<number, string>,
  path: string,
): Promise<number> {
  const file = await open(path, "w");
  try {
    const slots: Slot[] = index.slots.map(({ raw }) => ({ offset: 0, stored: 0, raw }));
    let at = await append(file, PACK_MAGIC, 0);
    for (const run of runsOf(index.slots, named)) {
      const bytes = await copy.read(run.offset, run.bytes);
      for (const slot of run.slots) {
        const place = index.slots[slot];
        if (place === undefined) continue;
        const begin = place.offset - run.offset;
        check(bytes.subarray(begin, begin + place.stored), place, named.get(slot));
        slots[slot] = { ...place, offset: at + begin };
      }
      at = await append(file, bytes, at);
    }
    at = await append(file, encodeIndex({ ...index, slots }, at), at);
    await file.sync();
    return at;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

type Run = { offset: number; bytes: number; slots: number[] };

function runsOf(slots: readonly Slot[], named: ReadonlyMap<number, string>): Run[] {
  const runs: Run[] = [];
  for (const [slot, { offset, stored }] of slots.entries()) {
    if (!named.has(slot)) continue;
    if (stored === 0) throw new Error(`slot ${slot} was dropped and is named`);
    const run = runs.at(-1);
    if (run && run.offset + run.bytes === offset && run.bytes + stored <= RUN_BYTES) {
      run.bytes += stored;
      run.slots.push(slot);
    } else runs.push({ offset, bytes: stored, slots: [slot] });
  }
  return runs;
}

function check(stored: Buffer, slot: Slot, wanted: string | undefined): void {
  if (hash("sha256", unpack(stored, slot), "hex") !== wanted)
    throw new Error(`the block ${wanted} is damaged`);
}

async function append(file: FileHandle, bytes: Buffer, at: number): Promise<number> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
  return at + bytes.length;
}
