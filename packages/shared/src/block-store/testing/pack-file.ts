import { hash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { ModelId } from "../../contracts/ids.ts";
import { HEADER_BYTES, type Manifest } from "../../contracts/versions.ts";
import {
  type Block,
  type BlockList,
  blockCount,
  blockLength,
  blockOffset,
  deltaIndexes,
  encodeBlocks,
} from "../block-list.ts";
import type { StoredVersion } from "../block-store.ts";
import type { PackName } from "../pack-name.ts";
import type { PackPlaces } from "../pack-places.ts";
import { createPack } from "../pack-writer.ts";
import { hashesOf, rootHash } from "../root-hash.ts";

export type PackedFile = StoredVersion & { packBytes: number; newBytes: number };

type Options = {
  blockSize: number;
  /** The version before: blocks it has at the same places are not stored again. */
  base?: StoredVersion | undefined;
  compress?: boolean;
  /** Writes what differs from `base`, whose list must be whole. */
  asDelta?: boolean;
  facts?: Partial<Pick<Manifest, "parent" | "createdAt" | "tables">>;
};

/** Publishes any bytes as a version, as the manager does a DuckDB file: a block of zero bytes becomes a hole. */
export async function packFile(
  places: Pick<PackPlaces, "localPath">,
  name: PackName,
  bytes: Buffer,
  { blockSize, base, compress = true, asDelta = false, facts = {} }: Options,
): Promise<PackedFile> {
  const path = places.localPath(name);
  await mkdir(dirname(path), { recursive: true });
  const pack = await createPack(path, { compress });
  const shape = { bytes: bytes.length, blockSize };
  const header = bytes.subarray(0, HEADER_BYTES);
  await pack.add([header]);
  const blocks: (Block | null)[] = [];
  let newBytes = header.length;
  for (let index = 0; index < blockCount(bytes.length, blockSize); index += 1) {
    const offset = blockOffset(shape, index);
    const block = bytes.subarray(offset, offset + blockLength(shape, index));
    const known = base?.list.blocks[index] ?? null;
    const name = hash("sha256", block, "hex");
    if (block.every((byte) => byte === 0)) blocks.push(null);
    else if (known?.hash === name) blocks.push(known);
    else blocks.push(await store(block, name));
  }

  async function store(block: Buffer, blockHash: string): Promise<Block> {
    newBytes += block.length;
    const checksum = block.length < 8 ? 0n : block.readBigUInt64LE(0);
    return { hash: blockHash, checksum, pack: name, slot: await pack.add([block]) };
  }

  const list: BlockList = { ...shape, header: hash("sha256", header, "hex"), blocks };
  const owners: ModelId[] = [];
  const delta = asDelta && base ? deltaIndexes(blocks, base.list.blocks) : undefined;
  const encoded = encodeBlocks(blocks, owners, delta);
  if (!owners.includes(name.model)) owners.push(name.model);
  const record: StoredVersion["record"] = {
    model: name.model,
    version: name.version,
    parent: base ? base.record.version : null,
    createdAt: "2026-01-01T00:00:00.000Z",
    hash: rootHash(hashesOf(list)),
    ...shape,
    header: list.header,
    intents: [],
    tables: [],
    reads: {},
    storageVersion: "v1.4.0",
    engineVersion: "v1.5.6",
    ...facts,
    owners,
    list: delta && base ? { kind: "delta", base: base.name, count: blocks.length } : { kind: "whole" },
    iteration: name.version,
    metadataBlocks: [],
  };
  const packBytes = await pack.finish({ record, list: encoded });
  return { name, record, list, packBytes, newBytes };
}
