import { readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { readIndex } from "@teatree/shared/block-store/block-store";
import { type IndexOf, namedSlots } from "@teatree/shared/block-store/named-slots";
import type { PackIndex } from "@teatree/shared/block-store/pack-format";
import { type PackName, packKey, packOfKey } from "@teatree/shared/block-store/pack-name";
import type { PackPlaces } from "@teatree/shared/block-store/pack-places";
import { packUse } from "@teatree/shared/block-store/pack-use";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { Collected } from "@teatree/shared/contracts/retention";
import type { Db } from "@teatree/shared/control-db/pool";
import {
  forgetArchiveFile,
  markRemoved,
  type NamingVersion,
  type RetainedVersion,
  type RetentionState,
  retainedVersions,
  retentionState,
  setPackBytes,
  unnamedArchiveFiles,
} from "@teatree/shared/control-db/retention";
import type { Logger } from "@teatree/shared/runtime/logger";
import { type Candidate, decideRetention } from "./decide-retention.ts";
import { openPackFiles, type PackFiles } from "./pack-files.ts";
import { planPack } from "./plan-pack.ts";

export type CollectContext = {
  db: Db;
  modelId: ModelId;
  epoch: number;
  places: PackPlaces;
  versionsDir: string;
  logger: Logger;
  /** The versions whose blocks must stay. */
  naming: (db: Db, modelId: ModelId) => Promise<NamingVersion[]>;
  /** Told of packs that were thinned or removed. */
  forget: (packs: PackName[]) => Promise<void>;
};

export type Collection = Collected & {
  /** False: it made room before the end, and is to be called again. */
  isDone: boolean;
};

/**
 * Removes versions that the policy lets go, and the bytes of those whose grace period is over: first `removed_at`, then bytes, one
 * pack after the other until `makeRoom` says that others wait. Call it with the lease, between publications. What it finds dead
 * stays dead, because a version is only ever made of blocks of a kept one; so it may be cut off anywhere and called again. Throws
 * `block_damaged`, with no byte removed, when a list that may name blocks cannot be read.
 */
export async function collect(context: CollectContext, makeRoom: () => boolean): Promise<Collection> {
  const { db, modelId, epoch } = context;
  const state = await retentionState(db, modelId);
  if (state?.leaseEpoch !== epoch) {
    throw new TeatreeError("manager_unavailable", "The model belongs to another manager.");
  }
  const known = await retainedVersions(db, modelId);
  const removedVersions = await markRemoved(db, modelId, epoch, letGo(known, state));
  const versions = removedVersions.length > 0 ? await retainedVersions(db, modelId) : known;
  await removeSnapshots(context.versionsDir, modelId, versions);
  const packs = await collectPacks(context, state, versions, makeRoom);
  const archive = await collectArchive(context);
  const { isDone, packsRemoved, packsThinned, bytesFreed, ...rest } = packs;
  return {
    removedVersions,
    packsRemoved,
    packsThinned,
    archiveFilesRemoved: archive.files,
    bytesFreed: bytesFreed + archive.bytes,
    ...rest,
    isDone,
  };
}

function letGo(versions: RetainedVersion[], state: RetentionState): number[] {
  const candidates = versions
    .filter(({ removedAt }) => removedAt === null)
    .map((each): Candidate => ({ ...each, isUnarchived: each.version > state.archivedVersion }));
  return decideRetention(candidates, state, state.now);
}

/** A file with a second name is in use by a reader; it goes the next time. */
async function removeSnapshots(
  versionsDir: string,
  modelId: ModelId,
  versions: RetainedVersion[],
): Promise<void> {
  const folder = join(versionsDir, modelId);
  const removed = new Set(versions.flatMap(({ removedAt, file }) => (removedAt ? [basename(file)] : [])));
  for (const name of await readdir(folder).catch(() => [])) {
    if (!removed.has(name)) continue;
    const path = join(folder, name);
    if ((await stat(path).catch(() => null))?.nlink === 1) await rm(path, { force: true });
  }
}

type PackTally = Pick<
  Collection,
  "packsRemoved" | "packsThinned" | "bytesFreed" | "bytesKept" | "remaining" | "isDone"
>;

async function collectPacks(
  context: CollectContext,
  state: RetentionState,
  versions: RetainedVersion[],
  makeRoom: () => boolean,
): Promise<PackTally> {
  const { db, modelId, places } = context;
  const files = await openPackFiles(places, modelId);
  const naming = await context.naming(db, modelId);
  const indexOf = remembered(places);
  const namesOf = (isWaiting: boolean) =>
    naming.filter((each) => each.isWaiting === isWaiting).map(({ pack }) => nameOfPack(pack));
  const tally = { packsRemoved: 0, packsThinned: 0, bytesFreed: 0 };
  const over = versions.filter(({ isOver, isCollected }) => isOver && !isCollected);
  const named =
    over.length > 0 ? await namedSlots([...namesOf(false), ...namesOf(true)], modelId, indexOf.get) : null;
  await removeStrays(files, versions, context, state);
  let isDone = true;
  for (const version of over) {
    if (makeRoom()) {
      isDone = false;
      break;
    }
    const name = nameOfPack(version.pack);
    const done = await collectPack(context, files, name, named?.get(version.pack));
    if (done === "remove") tally.packsRemoved += 1;
    if (done === "thin") tally.packsThinned += 1;
    if (done !== "leave") indexOf.forget(name);
    const bytes = done === "remove" ? 0 : await files.settle(name);
    if (bytes !== version.packBytes || done === "remove") {
      await setPackBytes(db, modelId, version.pack, bytes);
    }
    tally.bytesFreed += version.packBytes - bytes;
    version.packBytes = bytes;
  }
  const packs = versions
    .filter(({ packBytes }) => packBytes > 0)
    .map(({ pack, packBytes, removedAt }) => ({
      name: nameOfPack(pack),
      bytes: packBytes,
      isRemoved: removedAt !== null,
    }));
  const use = await packUse(
    packs,
    { kept: namesOf(false), waiting: namesOf(true), model: modelId },
    indexOf.get,
  );
  const remaining = { ...waitingOf(versions, state), bytes: use.waiting };
  return { ...tally, bytesKept: use.bytes, remaining, isDone };
}

async function collectPack(
  { places, forget, logger }: CollectContext,
  files: PackFiles,
  name: PackName,
  named: ReadonlyMap<number, string> | undefined,
): Promise<"remove" | "thin" | "leave"> {
  if (named === undefined) {
    await files.remove(name);
    await forget([name]);
    return "remove";
  }
  if (planPack(await readIndex(places, name), named) !== "thin") return "leave";
  try {
    await files.thin(name, named);
  } catch (error) {
    // What is damaged is left for whoever can mend it.
    logger.error({ error, pack: packKey(name) }, "a pack could not be written anew");
    return "leave";
  }
  await forget([name]);
  return "thin";
}

/** Packs that no version has: of publications that were never committed, or that came back after their removal. */
async function removeStrays(
  files: PackFiles,
  versions: RetainedVersion[],
  { epoch }: CollectContext,
  { currentVersion }: RetentionState,
): Promise<void> {
  for (const key of files.unfinished) await files.discard(key);
  const ours = new Set(versions.flatMap(({ pack, isCollected }) => (isCollected ? [] : [pack])));
  for (const key of files.keys) {
    const name = packOfKey(key);
    if (name === null || ours.has(key) || name.version > currentVersion || name.epoch > epoch) continue;
    await files.remove(name);
  }
}

function waitingOf(versions: RetainedVersion[], { graceMinutes }: RetentionState) {
  const waiting = versions.flatMap(({ removedAt, isOver }) =>
    removedAt && !isOver ? [removedAt.getTime()] : [],
  );
  const last = Math.max(...waiting);
  const until = waiting.length === 0 ? null : new Date(last + graceMinutes * 60_000).toISOString();
  return { versions: waiting.length, until };
}

async function collectArchive({ db, modelId, places }: CollectContext) {
  const unnamed = await unnamedArchiveFiles(db, modelId);
  for (const { key } of unnamed) {
    await places.store.remove(key);
    await forgetArchiveFile(db, modelId, key);
  }
  return { files: unnamed.length, bytes: unnamed.reduce((sum, file) => sum + file.bytes, 0) };
}

/** Each index is read once per collection. */
function remembered(places: PackPlaces): { get: IndexOf; forget: (name: PackName) => void } {
  const known = new Map<string, Promise<PackIndex>>();
  return {
    get(name) {
      const key = packKey(name);
      const index = known.get(key) ?? readIndex(places, name);
      known.set(key, index);
      return index;
    },
    forget: (name) => void known.delete(packKey(name)),
  };
}

function nameOfPack(pack: string): PackName {
  const name = packOfKey(pack);
  if (name === null) throw new TeatreeError("internal", `${pack} is no pack.`);
  return name;
}
