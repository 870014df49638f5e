import type { PackIndex } from "@teatree/shared/block-store/pack-format";

/** A pack is written anew when less of it than this is live: twice the bytes would be read and written for what it gives back. */
const LIVE_SHARE = 0.6;

export type PackPlan = "remove" | "thin" | "leave";

/**
 * What becomes of the pack of a version that is gone for good. `named` are its slots that others are made of; undefined: nobody
 * needs it, not even the list in it.
 */
export function planPack(
  { slots }: Pick<PackIndex, "slots">,
  named: ReadonlyMap<number, unknown> | undefined,
): PackPlan {
  if (named === undefined) return "remove";
  let stored = 0;
  let live = 0;
  for (const [slot, { stored: bytes }] of slots.entries()) {
    stored += bytes;
    if (named.has(slot)) live += bytes;
  }
  return live < stored * LIVE_SHARE ? "thin" : "leave";
}
