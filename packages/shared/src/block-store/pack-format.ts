import { hash } from "node:crypto";
import { z } from "zod";
import { ModelId } from "../contracts/ids.ts";
import { Manifest } from "../contracts/versions.ts";

/**
 * A pack, front to back: magic, the stored blocks, the version's record as JSON, its block list, the table of slots, and a footer
 * of fixed length that says where those lie and what their SHA-256 is. A slot whose stored length is its raw length is stored
 * as it is, else as one zstd frame; one of stored length 0 was dropped, because no version names it any more.
 */
export const PACK_MAGIC = Buffer.from("TTPACK1\n", "latin1");
export const FOOTER_BYTES = 76;
const SLOT_BYTES = 16;

const PackRef = z.object({ model: ModelId, version: z.int().min(1), epoch: z.int().min(1) });

/** What a pack says of its version: the manifest without its blocks, and how the list of them is kept. */
export const VersionRecord = Manifest.omit({ blocks: true }).extend({
  /** Models whose packs the list names, in the order it counts them. */
  owners: z.array(ModelId),
  list: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("whole") }),
    /** What differs from the whole list in the pack `base`. */
    z.object({ kind: z.literal("delta"), base: PackRef, count: z.int().min(0) }),
  ]),
  /** Of the DuckDB header: rises by one with each checkpoint. */
  iteration: z.int().min(0),
  /** Blocks that hold DuckDB's own metadata: they may change in place of any other. */
  metadataBlocks: z.array(z.int().min(0)),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

export type Slot = { offset: number; stored: number; raw: number };

/** All of a pack but its blocks. */
export type PackIndex = {
  record: VersionRecord;
  /** As `encodeBlocks` made it. */
  list: Buffer;
  slots: Slot[];
};

/** Everything behind the blocks, for a pack whose blocks end at `at`. */
export function encodeIndex({ record, list, slots }: PackIndex, at: number): Buffer {
  const text = Buffer.from(JSON.stringify(record));
  const table = Buffer.alloc(slots.length * SLOT_BYTES);
  for (const [index, { offset, stored, raw }] of slots.entries()) {
    table.writeBigUInt64LE(BigInt(offset), index * SLOT_BYTES);
    table.writeUInt32LE(stored, index * SLOT_BYTES + 8);
    table.writeUInt32LE(raw, index * SLOT_BYTES + 12);
  }
  const body = Buffer.concat([text, list, table]);
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeBigUInt64LE(BigInt(at), 0);
  footer.writeBigUInt64LE(BigInt(text.length), 8);
  footer.writeBigUInt64LE(BigInt(list.length), 16);
  footer.writeUInt32LE(slots.length, 24);
  footer.write(hash("sha256", body, "hex"), 36, "hex");
  PACK_MAGIC.copy(footer, FOOTER_BYTES - PACK_MAGIC.length);
  return Buffer.concat([body, footer]);
}

/** Where the part behind the blocks begins in a pack with this footer. Throws when it is no footer. */
export function indexPlace(footer: Buffer): { offset: number; bytes: number } {
  const magic = footer.subarray(FOOTER_BYTES - PACK_MAGIC.length);
  if (footer.length !== FOOTER_BYTES || !magic.equals(PACK_MAGIC)) throw new Error("the pack has no footer");
  const lengths = lengthsOf(footer);
  return { offset: lengths.offset, bytes: lengths.text + lengths.list + lengths.slots * SLOT_BYTES };
}

/** The reverse of {@link encodeIndex}. Throws when the bytes are not the ones that were written. */
export function decodeIndex(body: Buffer, footer: Buffer): PackIndex {
  if (hash("sha256", body, "hex") !== footer.toString("hex", 36, 68))
    throw new Error("the pack's index is damaged");
  const { text, list, slots: count } = lengthsOf(footer);
  const table = body.subarray(text + list);
  const slots = Array.from({ length: count }, (_, index) => ({
    offset: Number(table.readBigUInt64LE(index * SLOT_BYTES)),
    stored: table.readUInt32LE(index * SLOT_BYTES + 8),
    raw: table.readUInt32LE(index * SLOT_BYTES + 12),
  }));
  return {
    record: VersionRecord.parse(JSON.parse(body.toString("utf8", 0, text))),
    list: body.subarray(text, text + list),
    slots,
  };
}

function lengthsOf(footer: Buffer) {
  return {
    offset: Number(footer.readBigUInt64LE(0)),
    text: Number(footer.readBigUInt64LE(8)),
    list: Number(footer.readBigUInt64LE(16)),
    slots: footer.readUInt32LE(24),
  };
}
