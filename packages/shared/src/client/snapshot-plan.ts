import { TeatreeError } from "../contracts/errors.ts";
import { HEADER_BYTES, type Manifest, type ManifestDifference } from "../contracts/versions.ts";

/** Bytes to fetch once and to write wherever they are wanted. */
export type WantedBlock = { hash: string; length: number; offsets: number[] };

export type UpdatePlan = {
  /** Length of the file as it will be. */
  bytes: number;
  /** What to ask for, one request each. */
  batches: WantedBlock[][];
  /** What becomes a hole. Also where the file grows: an earlier try that broke off may have left something there. */
  zero: { offset: number; length: number }[];
};

/** A batch is held in memory while it is checked and written. */
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_BLOCKS = 256;

/**
 * What turns a file of one version into one of another. `have` is the manifest of the file as it is; without it the header is
 * fetched whether it changed or not. Throws `invalid_arguments` when the difference does not begin at that version.
 */
export function planUpdate(difference: ManifestDifference, have?: Manifest): UpdatePlan {
  const { model, since, bytes, blockSize, header, changed } = difference;
  if (have && (have.model !== model || have.version !== since)) {
    throw new TeatreeError("invalid_arguments", "The difference does not begin at the version of the file.", {
      details: { since, version: have.version },
    });
  }
  const wanted = new Map<string, WantedBlock>();
  const zero: UpdatePlan["zero"] = [];
  const want = (hash: string, offset: number, length: number) => {
    const known = wanted.get(hash);
    if (known) known.offsets.push(offset);
    else wanted.set(hash, { hash, length, offsets: [offset] });
  };
  if (header !== have?.header) want(header, 0, Math.min(HEADER_BYTES, bytes));
  for (const { index, hash } of changed) {
    const offset = HEADER_BYTES + index * blockSize;
    const length = Math.min(blockSize, bytes - offset);
    if (length <= 0)
      throw new TeatreeError("internal", "The difference names a block behind the file's end.");
    if (hash !== null) want(hash, offset, length);
    else addRange(zero, offset, length);
  }
  return { bytes, batches: batchesOf([...wanted.values()]), zero };
}

/** Neighbours are one range. */
function addRange(ranges: UpdatePlan["zero"], offset: number, length: number): void {
  const last = ranges.at(-1);
  if (last && last.offset + last.length === offset) last.length += length;
  else ranges.push({ offset, length });
}

function batchesOf(blocks: WantedBlock[]): WantedBlock[][] {
  const batches: WantedBlock[][] = [];
  let batch: WantedBlock[] = [];
  for (const block of blocks) {
    const isFull = batch.length === BATCH_BLOCKS || lengthOf(batch) + block.length > BATCH_BYTES;
    if (batch.length === 0 || isFull) {
      batch = [];
      batches.push(batch);
    }
    batch.push(block);
  }
  return batches;
}

/** Bytes that the blocks have together, each once. */
export function lengthOf(blocks: WantedBlock[]): number {
  return blocks.reduce((sum, { length }) => sum + length, 0);
}
