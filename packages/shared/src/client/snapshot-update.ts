import { TeatreeError } from "../contracts/errors.ts";
import { rootText } from "../contracts/version-text.ts";
import { HEADER_BYTES, type ManifestDifference } from "../contracts/versions.ts";
import type { ApiClient } from "./api.ts";

/** A snapshot file of the caller's, open for reading and writing. */
export type SnapshotFile = {
  /** Exactly so many bytes; they are there. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  write(offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Cuts the file, or makes it longer with zero bytes. */
  resize(bytes: number): Promise<void>;
};

export type SnapshotUpdate = {
  api: Pick<ApiClient, "getManifest" | "getBlocks">;
  /** Id or name. */
  model: string;
  /** The version that the file is now. */
  from: number;
  to: number | "latest";
  file: SnapshotFile;
};

export type UpdatedSnapshot = {
  version: number;
  /** Root hash of the version, which the file was found to have. */
  hash: string;
  /** Bodies of requests and answers. */
  movedBytes: number;
  /** Header and blocks that differ, without holes. */
  changedBytes: number;
  fileBytes: number;
};

type Place = { offset: number; length: number };

const MOST_BLOCKS = 256;
const MOST_BYTES = 32 * 1024 * 1024;
const READ_BYTES = 4 * 1024 * 1024;

/**
 * Makes a version's file into a later or earlier one with the blocks that differ, and checks the whole file by its root hash. When
 * it throws, the file is neither version: do it again from the same one, or download. Errors: those of the server, and
 * `block_damaged` when bytes are not the ones of their hash, be it that the file was not the version `from`.
 */
export async function updateSnapshot({
  api,
  model,
  from,
  to,
  file,
}: SnapshotUpdate): Promise<UpdatedSnapshot> {
  const difference = await api.getManifest({ params: { model, version: to }, query: { since: from } });
  if (!("changed" in difference)) throw new TeatreeError("internal", "The server sent no difference.");
  const wanted = placesOf(difference);
  await file.resize(difference.bytes);
  let movedBytes = new TextEncoder().encode(JSON.stringify(difference)).length;
  for (const hashes of batchesOf(wanted)) {
    const bytes = await api.getBlocks(model, hashes);
    movedBytes += JSON.stringify({ hashes }).length + bytes.length;
    await writeBlocks(file, wanted, hashes, bytes);
  }
  for (const { index, hash } of difference.changed) {
    if (hash !== null) continue;
    const { offset, length } = placeOf(difference, index);
    await file.write(offset, new Uint8Array(length));
  }
  await verify(file, difference);
  const changedBytes = [...wanted.values()].flat().reduce((sum, { length }) => sum + length, 0);
  const { version, hash, bytes: fileBytes } = difference;
  return { version, hash, movedBytes, changedBytes, fileBytes };
}

/** Where each block belongs: one that is at several places moves once. */
function placesOf(difference: ManifestDifference): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  const headerBytes = Math.min(HEADER_BYTES, difference.bytes);
  places.set(difference.header, [{ offset: 0, length: headerBytes }]);
  for (const { index, hash } of difference.changed) {
    if (hash === null) continue;
    const place = placeOf(difference, index);
    const known = places.get(hash);
    if (known) known.push(place);
    else places.set(hash, [place]);
  }
  return places;
}

function placeOf({ bytes, blockSize }: ManifestDifference, index: number): Place {
  const offset = HEADER_BYTES + index * blockSize;
  return { offset, length: Math.min(blockSize, bytes - offset) };
}

function* batchesOf(wanted: Map<string, Place[]>): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const [hash, [place]] of wanted) {
    const length = place?.length ?? 0;
    if (batch.length > 0 && (batch.length === MOST_BLOCKS || bytes + length > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(hash);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

async function writeBlocks(
  file: SnapshotFile,
  wanted: Map<string, Place[]>,
  hashes: string[],
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  let at = 0;
  for (const hash of hashes) {
    const places = wanted.get(hash) ?? [];
    const length = places[0]?.length ?? 0;
    const block = bytes.subarray(at, at + length);
    at += length;
    if ((await sha256(block)) !== hash) {
      throw new TeatreeError("block_damaged", "A block did not arrive as it was sent.", {
        details: { hash },
      });
    }
    for (const { offset } of places) await file.write(offset, block);
  }
}

/** The file's own root hash, from its bytes: also those that nobody sent. */
async function verify(file: SnapshotFile, difference: ManifestDifference): Promise<void> {
  const { bytes, blockSize, hash } = difference;
  const header = await sha256(await file.read(0, Math.min(HEADER_BYTES, bytes)));
  const blocks: (string | null)[] = [];
  const step = Math.max(1, Math.floor(READ_BYTES / blockSize)) * blockSize;
  for (let at = HEADER_BYTES; at < bytes; at += step) {
    const chunk = await file.read(at, Math.min(step, bytes - at));
    const names: Promise<string | null>[] = [];
    for (let begin = 0; begin < chunk.length; begin += blockSize) {
      names.push(nameOf(chunk.subarray(begin, begin + blockSize)));
    }
    blocks.push(...(await Promise.all(names)));
  }
  const text = rootText({ bytes, blockSize, header, blocks });
  if ((await sha256(new TextEncoder().encode(text))) === hash) return;
  throw new TeatreeError(
    "block_damaged",
    `The file is not version ${difference.version} after the update: it was not version ${difference.since} before. Download it.`,
    { details: { version: difference.version, since: difference.since } },
  );
}

/** A block that DuckDB uses begins with its checksum, so zero bytes alone are a hole. */
async function nameOf(block: Uint8Array<ArrayBuffer>): Promise<string | null> {
  return block.every((byte) => byte === 0) ? null : sha256(block);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
