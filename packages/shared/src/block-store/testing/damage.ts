import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { decodeIndex, encodeIndex, FOOTER_BYTES, indexPlace, PACK_MAGIC, type Slot } from "../pack-format.ts";

/** Turns one byte of a file over; a negative place counts from its end. */
export async function flipByte(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 0xff, place);
  await writeFile(path, bytes);
}

/** Where a pack's slots lie, and where its index begins. */
export async function placesIn(path: string): Promise<{ slots: Slot[]; index: number }> {
  const { footer, index, offset } = await indexOf(path);
  return { slots: decodeIndex(index, footer).slots, index: offset };
}

/** Flips a byte in the middle of what a slot stores. */
export async function damageSlot(path: string, slot: number): Promise<void> {
  const found = (await placesIn(path)).slots[slot];
  if (found === undefined) throw new Error("there is no such slot");
  await flipByte(path, found.offset + Math.floor(found.stored / 2));
}

export const cutInHalf = async (path: string) =>
  truncate(path, Math.floor((await readFile(path)).length / 2));
export const remove = (path: string) => rm(path);

/** Writes a pack anew without some slots, as collecting does: the others keep their numbers and move. */
export async function thinPack(path: string, dropped: (slot: number) => boolean): Promise<void> {
  const { bytes, footer, index } = await indexOf(path);
  const { record, list, slots } = decodeIndex(index, footer);
  const parts = [PACK_MAGIC];
  let at = PACK_MAGIC.length;
  const moved = slots.map((slot, number) => {
    if (dropped(number)) return { offset: 0, stored: 0, raw: 0 };
    parts.push(bytes.subarray(slot.offset, slot.offset + slot.stored));
    const offset = at;
    at += slot.stored;
    return { ...slot, offset };
  });
  await writeFile(path, Buffer.concat([...parts, encodeIndex({ record, list, slots: moved }, at)]));
}

async function indexOf(path: string) {
  const bytes = await readFile(path);
  const footer = bytes.subarray(bytes.length - FOOTER_BYTES);
  const { offset, bytes: length } = indexPlace(footer);
  return { bytes, footer, offset, index: bytes.subarray(offset, offset + length) };
}
