import { openBlockStore, readIndex } from "@teatree/shared/block-store/block-store";
import type { PackIndex } from "@teatree/shared/block-store/pack-format";
import { type PackName, packKey, packOfKey } from "@teatree/shared/block-store/pack-name";
import { type PackPlaces, packPlaces } from "@teatree/shared/block-store/pack-places";
import { packUse } from "@teatree/shared/block-store/pack-use";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { Storage } from "@teatree/shared/contracts/retention";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import { namingVersions, retainedVersions, retentionOf } from "@teatree/shared/control-db/retention";
import type { z } from "zod";
import type { WebContext } from "../context.ts";

/** How the model's stored bytes are used now. Throws `block_damaged` when a list of blocks cannot be read. */
export async function storageOf(
  { pool, store, versionsDirectory }: Pick<WebContext, "pool" | "store" | "versionsDirectory">,
  model: GoalModel,
): Promise<z.input<typeof Storage>> {
  const places = packPlaces(store, versionsDirectory);
  const [versions, naming, retention] = await Promise.all([
    retainedVersions(pool, model.id),
    namingVersions(pool, model.id),
    retentionOf(pool, model.id),
  ]);
  const packs = versions
    .filter(({ isCollected }) => !isCollected)
    .map(({ pack, packBytes, removedAt }) => ({
      name: nameOf(pack),
      bytes: packBytes,
      isRemoved: removedAt !== null,
    }));
  const names = (isWaiting: boolean) =>
    naming.filter((each) => each.isWaiting === isWaiting).map(({ pack }) => nameOf(pack));
  const asked = { kept: names(false), waiting: names(true), model: model.id };
  const use = await packUse(packs, asked, reading(places));
  const waiting = versions.flatMap(({ removedAt, isOver }) => (removedAt && !isOver ? [removedAt] : []));
  const graceMs = retention.graceMinutes * 60_000;
  const last = Math.max(...waiting.map((at) => at.getTime()));
  const current = versions.find(({ version }) => version === model.currentVersion);
  return {
    versions: versions.filter(({ removedAt }) => removedAt === null).length,
    named: versions.flatMap(({ version, name }) => (name === null ? [] : [{ version, name }])).toReversed(),
    packs: {
      bytes: use.bytes,
      liveBytes: use.live,
      waitingBytes: use.waiting,
      deadBytes: use.bytes - use.live - use.waiting,
    },
    waiting: {
      versions: waiting.length,
      until: waiting.length === 0 ? null : new Date(last + graceMs).toISOString(),
    },
    file: current ? await fileOf(places, nameOf(current.pack)) : null,
  };
}

async function fileOf(places: PackPlaces, name: PackName) {
  const { list } = await openBlockStore(places).version(name);
  const holes = list.blocks.filter((block) => block === null).length;
  return { bytes: list.bytes, holeBytes: holes * list.blockSize };
}

/** Each index is read once per answer. */
function reading(places: PackPlaces) {
  const known = new Map<string, Promise<PackIndex>>();
  return (name: PackName) => {
    const key = packKey(name);
    const index = known.get(key) ?? readIndex(places, name);
    known.set(key, index);
    return index;
  };
}

function nameOf(pack: string): PackName {
  const name = packOfKey(pack);
  if (name === null) throw new TeatreeError("internal", `${pack} is no pack.`);
  return name;
}
