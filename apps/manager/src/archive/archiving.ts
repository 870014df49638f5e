import { createHash, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { blockCount, blockLength } from "@teatree/shared/block-store/block-list";
import type { BlockStore, StoredVersion } from "@teatree/shared/block-store/block-store";
import { packKey, packOfSnapshot } from "@teatree/shared/block-store/pack-name";
import type { PackPlaces } from "@teatree/shared/block-store/pack-places";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ObjectStore } from "@teatree/shared/object-store/open-object-store";
import { withSnapshot } from "../files/with-snapshot.ts";
import { carriedColumns, literal, quoted } from "../values/parquet-columns.ts";
import type { ArchiveAnswer, ArchiveCall, StoredFile } from "./archive-call.ts";
import { archiveCarrier } from "./archive-types.ts";
import { definitionsOf } from "./definitions.ts";
import { hashFile } from "./hash-file.ts";
import { openHeldFile } from "./held-file.ts";

export type ArchivingParts = {
  versionsDir: string;
  scratchDir: string;
  /** Opened at the first call; one that could not be opened is tried again at the next. */
  open: () => Promise<{ places: PackPlaces; blocks: BlockStore }>;
};

type Export = Extract<ArchiveCall, { kind: "export" }>;

/** The work of the archive's process. One call at a time, but for the pace. */
export async function createArchiving({ versionsDir, scratchDir, open }: ArchivingParts) {
  // What a killed process left.
  await rm(scratchDir, { recursive: true, force: true });
  let opened: Promise<Parts> | undefined;

  function parts(): Promise<Parts> {
    opened ??= open().then(({ places, blocks }) => ({
      places,
      blocks,
      held: openHeldFile(versionsDir, scratchDir, blocks),
    }));
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  }

  const pace = createPace();

  return async (call: ArchiveCall): Promise<ArchiveAnswer> => {
    if (call.kind === "pace") {
      pace.set(call.isPaused);
      return {};
    }
    const { places, blocks, held } = await parts();
    if (call.kind === "release") {
      await held.release();
      return {};
    }
    if (call.kind === "put") return { stored: await putText(places.store, call.key, call.text) };
    const version = await blocks.version(packOf(call.file));
    if (call.kind === "hash") return { stored: await hashDownload(blocks, version, pace.keep) };
    if (call.kind === "upload") {
      await uploadPack(places, version);
      return {};
    }
    if (call.kind === "describe") {
      const read = (path: string) =>
        withSnapshot(path, scratchDir, (connection) => definitionsOf(connection, "snapshot", scratchDir));
      return { definitions: await held.use(version, read) };
    }
    const target = join(scratchDir, `${randomUUID()}.parquet`);
    try {
      const read = (path: string) => exportTable(path, scratchDir, target, call);
      if (!(await held.use(version, read))) return {};
      const file = await hashFile(target);
      await store(places.store, call.key, target, file);
      return { stored: file };
    } finally {
      await rm(target, { force: true });
    }
  };
}

type Parts = { places: PackPlaces; blocks: BlockStore; held: ReturnType<typeof openHeldFile> };

function packOf(file: string) {
  const name = packOfSnapshot(file);
  if (name === null) throw new TeatreeError("internal", `${file} is no snapshot file.`);
  return name;
}

/** Keeps a loop waiting between two of its steps. */
function createPace() {
  let held = Promise.withResolvers<void>();
  held.resolve();
  let isPaused = false;
  return {
    set(paused: boolean): void {
      if (paused === isPaused) return;
      isPaused = paused;
      if (paused) held = Promise.withResolvers();
      else held.resolve();
    },
    /** Resolves when the next step may be made. */
    keep: (): Promise<void> => held.promise,
  };
}

/** Of the bytes that a download gives: a file beside may hold anything where the version has holes. */
async function hashDownload(
  blocks: BlockStore,
  version: StoredVersion,
  pace: () => Promise<void>,
): Promise<StoredFile> {
  const { list } = version;
  const digest = createHash("sha256").update(await blocks.header(version));
  const hole = Buffer.alloc(list.blockSize);
  let next = 0;
  const skipTo = (index: number) => {
    for (; next < index; next += 1) digest.update(hole.subarray(0, blockLength(list, next)));
  };
  for await (const { index, bytes } of blocks.read(list, list.blocks.keys())) {
    await pace();
    skipTo(index);
    digest.update(bytes);
    next = index + 1;
  }
  skipTo(blockCount(list.bytes, list.blockSize));
  return { bytes: list.bytes, sha256: digest.digest("hex") };
}

/** Where the object store is not on this machine, the pack is still only here. */
async function uploadPack(places: PackPlaces, { name }: StoredVersion): Promise<void> {
  if (places.localIsStore) return;
  const path = places.localPath(name);
  const file = await hashFile(path).catch((error) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  });
  // Another machine published it and brought it there, or what was read of it now would not have been found.
  if (file !== null) await store(places.store, packKey(name), path, file);
}

async function store(objects: ObjectStore, key: string, path: string, file: StoredFile): Promise<void> {
  const { created } = await objects.putFile(key, path, { ...file, ifAbsent: true });
  if (created || (await isStored(objects, key, file))) return;
  await objects.remove(key);
  await objects.putFile(key, path, file);
}

async function putText(objects: ObjectStore, key: string, text: string): Promise<StoredFile> {
  const bytes = Buffer.from(text);
  const file = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  const { created } = await objects.put(key, bytes, { ...file, ifAbsent: true });
  if (!created && !(await isStored(objects, key, file))) {
    await objects.remove(key);
    await objects.put(key, bytes, file);
  }
  return file;
}

/**
 * What is there may be from a try whose record was lost, and Parquet of equal rows need not have equal bytes. Nothing names it yet,
 * so it may go.
 */
async function isStored(objects: ObjectStore, key: string, { sha256 }: StoredFile): Promise<boolean> {
  const digest = createHash("sha256");
  for await (const chunk of (await objects.get(key)).stream) digest.update(chunk);
  return digest.digest("hex") === sha256;
}

/** False when the table has other rows than it should and only a part of it is wanted. */
function exportTable(path: string, scratchDir: string, target: string, call: Export): Promise<boolean> {
  return withSnapshot(path, scratchDir, async (connection) => {
    const table = `snapshot.main.${quoted(call.table)}`;
    const shape = await connection.run(`SELECT * FROM ${table} LIMIT 0`);
    const [names, types] = [shape.columnNames(), shape.columnTypes()];
    const behind = await rowsBehind(connection, table, call.skip);
    const copy = async (withFarTimes: boolean) => {
      const result = await connection.run(
        `COPY (SELECT ${carriedColumns(names, types, archiveCarrier(withFarTimes))} FROM ${table} ${behind})
           TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      return result.rowsChanged;
    };
    const copied = await copy(false).catch((error) => {
      if (/Conversion Error/.test(String(error))) return copy(true);
      throw error;
    });
    if (copied === call.rows - call.skip) return true;
    if (call.skip > 0) return false;
    throw new TeatreeError("internal", `“${call.table}” has ${copied} rows and should have ${call.rows}.`);
  });
}

/** A table is read in the order of its row ids, and what is appended gets higher ones. */
async function rowsBehind(connection: DuckDBConnection, table: string, skip: number): Promise<string> {
  if (skip === 0) return "";
  const found = await connection.runAndReadAll(
    `SELECT rowid::VARCHAR FROM ${table} LIMIT 1 OFFSET ${BigInt(skip)}`,
  );
  const first = found.getRows()[0]?.[0];
  return first === undefined ? "WHERE false" : `WHERE rowid >= ${BigInt(String(first))}`;
}
