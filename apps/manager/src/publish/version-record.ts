import {
  type BlockList,
  deltaIndexes,
  encodeBlocks,
  encodedBytes,
} from "@teatree/shared/block-store/block-list";
import type { StoredVersion } from "@teatree/shared/block-store/block-store";
import type { VersionRecord } from "@teatree/shared/block-store/pack-format";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { FileState } from "./duckdb-file.ts";
import type { PublishRequest } from "./publisher.ts";

/** A list is written as its difference to the last whole one while that is no larger than this share of it. */
const DELTA_SHARE = 1 / 8;

/**
 * What the pack of a version tells of it, and its list as bytes: whole, or as what differs from `whole`, the last list that was
 * stored so. `state` is null for a file of a format that is not known.
 */
export function describeVersion(
  request: PublishRequest,
  list: BlockList,
  hash: string,
  state: FileState | null,
  whole: StoredVersion | null,
): { record: VersionRecord; bytes: Buffer } {
  const { model, version, parent, createdAt, intents, tables, reads, storageVersion, engineVersion } =
    request;
  const { kept, owners, bytes } = encodeList(list, whole);
  const record: VersionRecord = {
    model,
    version,
    parent,
    createdAt,
    hash,
    bytes: list.bytes,
    blockSize: list.blockSize,
    header: list.header,
    intents,
    tables,
    reads,
    storageVersion,
    engineVersion,
    owners: owners.length > 0 ? owners : [model],
    list: kept,
    iteration: state?.iteration ?? 0,
    metadataBlocks: state?.metadataBlocks ?? [],
  };
  return { record, bytes };
}

function encodeList(
  { blocks }: BlockList,
  whole: StoredVersion | null,
): { kept: VersionRecord["list"]; owners: ModelId[]; bytes: Buffer } {
  const owners: ModelId[] = [];
  const differing = whole === null ? [] : deltaIndexes(blocks, whole.list.blocks);
  if (
    whole === null ||
    encodedBytes(differing.length, true) > encodedBytes(blocks.length, false) * DELTA_SHARE
  ) {
    return { kept: { kind: "whole" }, owners, bytes: encodeBlocks(blocks, owners) };
  }
  const bytes = encodeBlocks(blocks, owners, differing);
  // A difference names the packs of what it changes; the rest stands in the whole list.
  for (const owner of [whole.name.model, ...whole.record.owners]) {
    if (!owners.includes(owner)) owners.push(owner);
  }
  return { kept: { kind: "delta", base: whole.name, count: blocks.length }, owners, bytes };
}
