import { TeatreeError } from "../contracts/errors.ts";
import { rootText } from "../contracts/version-text.ts";
import { HEADER_BYTES, type Manifest, type ManifestDifference } from "../contracts/versions.ts";
import type { ApiClient } from "./api.ts";
import { lengthOf, planUpdate, type UpdatePlan, type WantedBlock } from "./snapshot-plan.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** SHA-256 in hex. */
export type HashBytes = (bytes: Bytes) => Promise<string>;

/** A snapshot file of the caller's, open for reading and writing. */
export type SnapshotFile = {
  /** Exactly so many bytes; they are there. */
  read(offset: number, length: number): Promise<Bytes>;
  write(offset: number, bytes: Bytes): Promise<void>;
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
  /** Manifest of `from`, when it was kept: then nothing is fetched that it has. */
  have?: Manifest;
  /** WebCrypto's, unless given. */
  sha256?: HashBytes;
  signal?: AbortSignal;
  /** Bytes of blocks that came, of those that will. */
  onProgress?: (progress: { bytes: number; totalBytes: number }) => void;
};

export type UpdatedSnapshot = {
  version: number;
  /** Root hash of the version, which the file was found to have. */
  hash: string;
  /** Bodies of requests and answers. */
  movedBytes: number;
  /** What a download of the whole file would have moved beyond that. */
  savedBytes: number;
  /** Header and blocks that differ, without holes. */
  changedBytes: number;
  fileBytes: number;
};

const READ_BYTES = 4 * 1024 * 1024;
const ZEROS = new Uint8Array(1024 * 1024);

/**
 * Makes a version's file into a later or earlier one with the blocks that differ, and checks the whole file by its root hash. When
 * it throws, the file is neither version: do it again from the same one, or download. Errors: those of the server, and
 * `block_damaged` when bytes are not the ones of their hash, be it that the file was not the version `from`.
 */
export async function updateSnapshot(update: SnapshotUpdate): Promise<UpdatedSnapshot> {
  const { api, model, from, to, file, have, sha256 = webSha256, signal, onProgress } = update;
  const sending = signal ? { signal } : {};
  const input = { params: { model, version: to }, query: { since: from } };
  const difference = await api.getManifest(input, sending);
  if (!("changed" in difference)) throw new TeatreeError("internal", "The server sent no difference.");
  const plan = planUpdate(difference, have);
  const totalBytes = lengthOf(plan.batches.flat());
  let movedBytes = new TextEncoder().encode(JSON.stringify(difference)).length;
  let blockBytes = 0;
  await file.resize(plan.bytes);
  for (const batch of plan.batches) {
    const hashes = batch.map(({ hash }) => hash);
    const bytes = await api.getBlocks(model, hashes, sending);
    movedBytes += JSON.stringify({ hashes }).length + bytes.length;
    await writeBlocks(file, batch, bytes, sha256);
    blockBytes += bytes.length;
    onProgress?.({ bytes: blockBytes, totalBytes });
  }
  for (const { offset, length } of plan.zero) await writeZeros(file, offset, length);
  await verify(update, difference, sha256);
  const { version, hash, bytes: fileBytes } = difference;
  const savedBytes = Math.max(0, fileBytes - movedBytes);
  return { version, hash, movedBytes, savedBytes, changedBytes: changedBytesOf(plan), fileBytes };
}

function changedBytesOf({ batches }: UpdatePlan): number {
  return batches.flat().reduce((sum, { length, offsets }) => sum + length * offsets.length, 0);
}

/** Nothing of a batch is written before all of it was checked. */
async function writeBlocks(
  file: SnapshotFile,
  batch: WantedBlock[],
  bytes: Bytes,
  sha256: HashBytes,
): Promise<void> {
  let at = 0;
  const blocks = batch.map(({ length }) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
  const hashes = await Promise.all(blocks.map(sha256));
  const wrong = batch.find(({ hash }, place) => hashes[place] !== hash);
  if (wrong !== undefined || at !== bytes.length) {
    throw new TeatreeError("block_damaged", "A block did not arrive as it was sent.", {
      details: { hash: wrong?.hash },
    });
  }
  for (const [place, { offsets }] of batch.entries()) {
    for (const offset of offsets) await file.write(offset, blocks[place] ?? bytes);
  }
}

async function writeZeros(file: SnapshotFile, offset: number, length: number): Promise<void> {
  for (let done = 0; done < length; done += ZEROS.length) {
    await file.write(offset + done, ZEROS.subarray(0, length - done));
  }
}

/** The file's own root hash, from its bytes: also those that nobody sent. */
async function verify(
  { file, signal }: Pick<SnapshotUpdate, "file" | "signal">,
  difference: ManifestDifference,
  sha256: HashBytes,
): Promise<void> {
  const { bytes, blockSize, hash } = difference;
  const header = await sha256(await file.read(0, Math.min(HEADER_BYTES, bytes)));
  const blocks: (string | null)[] = [];
  const step = Math.max(1, Math.floor(READ_BYTES / blockSize)) * blockSize;
  for (let at = HEADER_BYTES; at < bytes; at += step) {
    signal?.throwIfAborted();
    const chunk = await file.read(at, Math.min(step, bytes - at));
    const names: Promise<string | null>[] = [];
    for (let begin = 0; begin < chunk.length; begin += blockSize) {
      names.push(nameOf(chunk.subarray(begin, begin + blockSize), sha256));
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
async function nameOf(block: Bytes, sha256: HashBytes): Promise<string | null> {
  return block.every((byte) => byte === 0) ? null : sha256(block);
}

async function webSha256(bytes: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
