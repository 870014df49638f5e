import { hash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type Block,
  type BlockList,
  blockCount,
  blockLength,
  blockOffset,
} from "@teatree/shared/block-store/block-list";
import type { BlockStore, ReadBlock, StoredVersion } from "@teatree/shared/block-store/block-store";
import { readFully } from "@teatree/shared/block-store/file-bytes";
import type { VersionRecord } from "@teatree/shared/block-store/pack-format";
import { type PackName, packKey, packOfSnapshot, snapshotFile } from "@teatree/shared/block-store/pack-name";
import type { PackPlaces } from "@teatree/shared/block-store/pack-places";
import { createPack, isCompressible, type PackWriter } from "@teatree/shared/block-store/pack-writer";
import { createRootHasher } from "@teatree/shared/block-store/root-hash";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { findLiveBlocks, type LiveBlocks, missedBlocks } from "./changed-blocks.ts";
import type { Published, PublishRequest, Timed } from "./publisher.ts";
import { fsyncFile, fsyncFolder, makeFolder, openSnapshotFiles, UNFINISHED } from "./snapshot-files.ts";
import type { Verifier } from "./verify.ts";
import { describeVersion } from "./version-record.ts";

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

/** The work of the publisher's process: find what changed, store it, make the read-only file, verify, show. */
export function createPublishing(parts: PublishingParts) {
  const { places, blocks, verifier } = parts;
  const files = openSnapshotFiles(parts.versionsDir, blocks);
  const rootHash = createRootHasher();
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
      const pack = await openPack(live, name, blockSize, found);
      try {
        const { list, newBytes } = await packChanged(live, name, blockSize, found, base, pack);
        const made = await makeFile(live, request, name, list, found);
        const publish = begin.timed();
        const { record, packBytes, verify } = await show(
          request,
          name,
          { list, found, base, pack },
          made.path,
        );
        blocks.remember({ name, record, list });
        return {
          file: snapshotFile(name),
          pack: packKey(name),
          bytes: found.bytes,
          newBytes,
          packBytes,
          writtenBytes: packBytes + made.bytes,
          owners: record.owners,
          hash: record.hash,
          search: found.method,
          made: made.how,
          publish,
          verify,
        };
      } catch (error) {
        await pack.abandon();
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

  async function openPack(
    live: FileHandle,
    name: PackName,
    blockSize: number,
    found: LiveBlocks,
  ): Promise<PackWriter> {
    const path = `${places.localPath(name)}${UNFINISHED}`;
    await makeFolder(dirname(path));
    return createPack(path, { compress: await paysToCompress(live, blockSize, found) });
  }

  async function packChanged(
    live: FileHandle,
    name: PackName,
    blockSize: number,
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

  async function makeFile(
    live: FileHandle,
    request: PublishRequest,
    name: PackName,
    list: BlockList,
    { header }: LiveBlocks,
  ) {
    async function* read(indexes: number[]): AsyncGenerator<ReadBlock> {
      for (let at = 0; at < indexes.length; at += BLOCKS_PER_READ) {
        yield* await readBlocks(live, list, indexes.slice(at, at + BLOCKS_PER_READ));
      }
    }
    return files.make(name, list, { header, read, whole: request.liveFile }, request.keep);
  }

  /** DuckDB opens the file while the pack gets its record and the disk makes both durable; then they get their names. */
  async function show(
    request: PublishRequest,
    name: PackName,
    { list, found, base, pack }: Brought,
    path: string,
  ): Promise<{ record: VersionRecord; packBytes: number; verify: Timed }> {
    const begin = clock();
    const { version, ledgerHead, tables } = request;
    const work = [
      verifier.verify(path, { version, ledgerHead, tables }),
      fsyncFile(path),
      finishPack(request, { list, found, base, pack }),
    ] as const;
    try {
      // Nothing may be removed under the hands of another.
      await Promise.allSettled(work);
      const [, , finished] = await Promise.all(work);
      const target = places.localPath(name);
      await rename(`${target}${UNFINISHED}`, target);
      await Promise.all([fsyncFolder(dirname(target)), files.show(name, path)]);
      return { ...finished, verify: begin.timed() };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async function finishPack(
    request: PublishRequest,
    { list, found, base, pack }: Brought,
  ): Promise<{ record: VersionRecord; packBytes: number }> {
    const whole = base && (await wholeBehind(base));
    const { record, bytes } = describeVersion(request, list, rootHash(list), found.state, whole);
    return { record, packBytes: await pack.finish({ record, list: bytes }) };
  }

  /** The last list that was stored whole. */
  async function wholeBehind(version: StoredVersion): Promise<StoredVersion> {
    const { list } = version.record;
    return list.kind === "whole" ? version : blocks.version(list.base);
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

type Brought = { list: BlockList; found: LiveBlocks; base: StoredVersion | null; pack: PackWriter };

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
