import { hash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type Block,
  type BlockList,
  blockCount,
  blockLength,
  blockOffset,
  deltaIndexes,
  encodeBlocks,
  encodedBytes,
} from "@teatree/shared/block-store/block-list";
import type { BlockStore, ReadBlock, StoredVersion } from "@teatree/shared/block-store/block-store";
import type { VersionRecord } from "@teatree/shared/block-store/pack-format";
import { type PackName, packKey, packOfSnapshot, snapshotFile } from "@teatree/shared/block-store/pack-name";
import { type PackPlaces, readFully } from "@teatree/shared/block-store/pack-places";
import { createPack, isCompressible, type PackWriter } from "@teatree/shared/block-store/pack-writer";
import { hashesOf, rootHash } from "@teatree/shared/block-store/root-hash";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import { findLiveBlocks, type LiveBlocks, missedBlocks } from "./changed-blocks.ts";
import type { Published, PublishRequest, Timed } from "./publisher.ts";
import { fsyncFile, fsyncFolder, makeFolder, openSnapshotFiles, UNFINISHED } from "./snapshot-files.ts";
import type { Verifier } from "./verify.ts";

export type PublishingParts = {
  versionsDir: string;
  selfCheckEvery: number;
  places: PackPlaces;
  blocks: BlockStore;
  verifier: Verifier;
};

/** More changed blocks than this come from a bulk load: whether to compress them is decided on a sample. */
const BULK_BLOCKS = 256;
const SAMPLE_BLOCKS = 16;
const BLOCKS_PER_READ = 32;
/** A list is written as its difference to the last whole one while that is no larger than this share of it. */
const DELTA_SHARE = 1 / 8;

/** The work of the publisher's process: find what changed, store it, make the read-only file, verify, show. */
export function createPublishing(parts: PublishingParts) {
  const { places, blocks, verifier } = parts;
  const files = openSnapshotFiles(parts.versionsDir, blocks);
  let publications = 0;

  /** A base that cannot be read only makes the search longer. */
  async function baseOf(request: PublishRequest): Promise<StoredVersion | null> {
    return request.base && (await blocks.version(request.base).catch(() => null));
  }

  async function publish(request: PublishRequest): Promise<Published> {
    const { model, version, epoch, blockSize } = request;
    const name = { model, version, epoch };
    const begin = clock();
    const live = await open(request.liveFile, "r");
    try {
      const base = await baseOf(request);
      const found = await checkedSearch(live, await findLiveBlocks(live, blockSize, base), base);
      const brought = await storeBlocks(live, request, name, found, base);
      try {
        const made = await makeFile(live, request, name, brought);
        const publishedAt = begin.timed();
        const { verify, packBytes } = await show(request, name, brought, made.path);
        blocks.remember({ name, record: brought.record, list: brought.list });
        return {
          file: snapshotFile(name),
          pack: packKey(name),
          bytes: found.bytes,
          newBytes: brought.newBytes,
          packBytes,
          writtenBytes: packBytes + made.bytes,
          owners: brought.record.owners,
          hash: brought.record.hash,
          search: found.method,
          made: made.how,
          publish: publishedAt,
          verify,
        };
      } catch (error) {
        await brought.abandon();
        throw error;
      }
    } finally {
      await live.close();
    }
  }

  /**
   * Now and then the search is held against every byte of the file. What it missed is published all the same; where every search is
   * checked, in tests, a miss is an error.
   */
  async function checkedSearch(
    live: FileHandle,
    found: LiveBlocks,
    base: StoredVersion | null,
  ): Promise<LiveBlocks> {
    publications += 1;
    const { selfCheckEvery } = parts;
    if (base === null || selfCheckEvery === 0 || publications % selfCheckEvery !== 0) return found;
    const missed = await missedBlocks(live, found, base.list);
    if (missed.length === 0) return found;
    if (selfCheckEvery === 1) {
      throw new TeatreeError(
        "internal",
        `The search by ${found.method} missed blocks ${missed.slice(0, 20)}.`,
      );
    }
    const candidates = [...found.candidates, ...missed].sort((a, b) => a - b);
    return { ...found, method: "every block", candidates };
  }

  async function storeBlocks(
    live: FileHandle,
    request: PublishRequest,
    name: PackName,
    found: LiveBlocks,
    base: StoredVersion | null,
  ): Promise<Brought> {
    const target = places.localPath(name);
    const path = `${target}${UNFINISHED}`;
    await makeFolder(dirname(path));
    const pack = await createPack(path, { compress: await paysToCompress(live, request.blockSize, found) });
    try {
      const { list, newBytes } = await packChanged(live, request, name, found, base, pack);
      const { record, bytes } = await describe(request, list, found, base);
      const finish = () => pack.finish({ record, list: bytes });
      const { abandon } = pack;
      return { path, target, list, record, header: found.header, newBytes, finish, abandon };
    } catch (error) {
      await pack.abandon();
      throw error;
    }
  }

  async function packChanged(
    live: FileHandle,
    { blockSize }: PublishRequest,
    name: PackName,
    found: LiveBlocks,
    base: StoredVersion | null,
    pack: PackWriter,
  ): Promise<{ list: BlockList; newBytes: number }> {
    const { bytes, header, holes } = found;
    await pack.add([header]);
    const count = blockCount(bytes, blockSize);
    const all: (Block | null)[] = base ? base.list.blocks.slice(0, count) : [];
    while (all.length < count) all.push(null);
    for (const index of holes) all[index] = null;
    const shape = { bytes, blockSize };
    let newBytes = header.length;
    for (let at = 0; at < found.candidates.length; at += BLOCKS_PER_READ) {
      const indexes = found.candidates.slice(at, at + BLOCKS_PER_READ);
      const read = (await readBlocks(live, shape, indexes)).map((block) => ({
        ...block,
        ...nameOf(block.bytes),
      }));
      // Where every block is looked at, most are the base's own.
      const changed = read.filter(({ index, hash: name }) => all[index]?.hash !== name);
      const first = await pack.add(changed.map((block) => block.bytes));
      for (const [place, block] of changed.entries()) {
        const { hash: blockHash, checksum } = block;
        all[block.index] = { hash: blockHash, checksum, pack: name, slot: first + place };
        newBytes += block.bytes.length;
      }
    }
    return { list: { ...shape, header: hash("sha256", header, "hex"), blocks: all }, newBytes };
  }

  /** The record, and the list whole or as what differs from the last whole one. */
  async function describe(
    request: PublishRequest,
    list: BlockList,
    found: LiveBlocks,
    base: StoredVersion | null,
  ): Promise<{ record: VersionRecord; bytes: Buffer }> {
    const owners: ModelId[] = [];
    const whole = base === null ? null : await wholeBehind(base);
    const differing = whole === null ? null : deltaIndexes(list.blocks, whole.list.blocks);
    const isSmall =
      differing !== null &&
      encodedBytes(differing.length, true) <= encodedBytes(list.blocks.length, false) * DELTA_SHARE;
    const bytes = encodeBlocks(list.blocks, owners, isSmall ? differing : undefined);
    // A difference names the packs of what it changes; the rest stands in the whole list.
    for (const owner of isSmall && whole ? [whole.name.model, ...whole.record.owners] : []) {
      if (!owners.includes(owner)) owners.push(owner);
    }
    const { model, version, parent, createdAt, intents, tables, reads, storageVersion, engineVersion } =
      request;
    const record: VersionRecord = {
      model,
      version,
      parent,
      createdAt,
      hash: rootHash(hashesOf(list)),
      bytes: list.bytes,
      blockSize: list.blockSize,
      header: list.header,
      intents,
      tables,
      reads,
      storageVersion,
      engineVersion,
      owners: owners.length > 0 ? owners : [model],
      list:
        isSmall && whole ? { kind: "delta", base: whole.name, count: list.blocks.length } : { kind: "whole" },
      iteration: found.state?.iteration ?? 0,
      metadataBlocks: found.state?.metadataBlocks ?? [],
    };
    return { record, bytes };
  }

  async function wholeBehind(version: StoredVersion): Promise<StoredVersion> {
    const { list } = version.record;
    return list.kind === "whole" ? version : blocks.version(list.base);
  }

  async function makeFile(
    live: FileHandle,
    request: PublishRequest,
    name: PackName,
    { list, header }: Brought,
  ) {
    async function* read(indexes: number[]): AsyncGenerator<ReadBlock> {
      for (let at = 0; at < indexes.length; at += BLOCKS_PER_READ) {
        yield* await readBlocks(live, list, indexes.slice(at, at + BLOCKS_PER_READ));
      }
    }
    return files.make(name, list, { header, read, whole: request.liveFile }, request.keep);
  }

  /** Opens the file in DuckDB while the disk makes it and the pack durable, then gives both their names. */
  async function show(
    request: PublishRequest,
    name: PackName,
    brought: Brought,
    path: string,
  ): Promise<{ verify: Timed; packBytes: number }> {
    const begin = clock();
    const { version, ledgerHead, tables } = request;
    const verifying = verifier.verify(path, { version, ledgerHead, tables });
    const durable = [brought.finish(), fsyncFile(path)] as const;
    try {
      // Nothing may be removed under the hands of another.
      await Promise.allSettled([verifying, ...durable]);
      await verifying;
      const [packBytes] = await Promise.all(durable);
      await rename(brought.path, brought.target);
      await Promise.all([fsyncFolder(dirname(brought.target)), files.show(name, path)]);
      return { verify: begin.timed(), packBytes };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  function packOf(file: string): PackName {
    const name = packOfSnapshot(file);
    if (name === null) throw new TeatreeError("internal", `${file} is no snapshot file.`);
    return name;
  }

  return {
    publish,
    async ensure(file: string, { keep, fresh }: { keep: PackName[]; fresh: boolean }): Promise<void> {
      const version = await blocks.version(packOf(file));
      await files.ensure(version, keep, fresh);
      await files.trim(version.name.model, [version.name, ...keep]);
    },
    async write(file: string, path: string, from?: string): Promise<void> {
      const known = from === undefined ? undefined : await blocks.version(packOf(from));
      await files.writeTo(path, await blocks.version(packOf(file)), known);
    },
    forget(packs: PackName[]): void {
      for (const name of packs) blocks.forget(name);
    },
  };
}

type Brought = {
  /** Where the pack is until it is shown, and then. */
  path: string;
  target: string;
  list: BlockList;
  record: VersionRecord;
  header: Buffer;
  newBytes: number;
  /** Makes the pack whole and durable; gives its length. */
  finish(): Promise<number>;
  abandon(): Promise<void>;
};

async function paysToCompress(
  live: FileHandle,
  blockSize: number,
  { bytes, candidates }: LiveBlocks,
): Promise<boolean> {
  if (candidates.length <= BULK_BLOCKS) return true;
  const step = candidates.length / SAMPLE_BLOCKS;
  const indexes = Array.from(
    { length: SAMPLE_BLOCKS },
    (_, place) => candidates[Math.floor(place * step)] ?? 0,
  );
  const sample = await readBlocks(live, { bytes, blockSize }, indexes);
  return isCompressible(sample.map((block) => block.bytes));
}

/** Neighbours are read with one call. */
async function readBlocks(
  file: FileHandle,
  list: Pick<BlockList, "bytes" | "blockSize">,
  indexes: number[],
): Promise<ReadBlock[]> {
  const found: ReadBlock[] = [];
  for (let at = 0; at < indexes.length; ) {
    const first = indexes[at] ?? 0;
    let count = 1;
    while (indexes[at + count] === first + count) count += 1;
    const length = (count - 1) * list.blockSize + blockLength(list, first + count - 1);
    const run = await readFully(file, Buffer.allocUnsafe(length), blockOffset(list, first));
    for (let place = 0; place < count; place += 1) {
      const begin = place * list.blockSize;
      found.push({
        index: first + place,
        bytes: run.subarray(begin, begin + blockLength(list, first + place)),
      });
    }
    at += count;
  }
  return found;
}

function nameOf(bytes: Buffer): Pick<Block, "hash" | "checksum"> {
  return { hash: hash("sha256", bytes, "hex"), checksum: bytes.length >= 8 ? bytes.readBigUInt64LE(0) : 0n };
}

function clock() {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  return { timed: (): Timed => ({ startedAt, durationMs: performance.now() - start }) };
}
