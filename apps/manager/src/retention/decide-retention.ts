/** Which versions a model keeps besides the current and the named ones. Both null: every one. */
export type Policy = {
  /** The newest ones, at least 1. */
  keepLast: number | null;
  /** Those that were current within so many days: to any of these moments one can go back. */
  keepDays: number | null;
};

export type Candidate = {
  version: number;
  /** When the next version took its place; null for the current one. */
  supersededAt: Date | null;
  name: string | null;
  /** An intent that is queued or running names it. */
  isAskedFor: boolean;
  /** It has not been brought to the archive yet, which goes version by version. */
  isUnarchived: boolean;
};

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Versions that the policy lets go, ascending. `versions` are the ones that are kept now, in any order. */
export function decideRetention(versions: readonly Candidate[], policy: Policy, now: Date): number[] {
  const { keepLast, keepDays } = policy;
  if (keepLast === null && keepDays === null) return [];
  const oldest = keepDays === null ? Number.POSITIVE_INFINITY : now.getTime() - keepDays * DAY_MS;
  return versions
    .toSorted((a, b) => b.version - a.version)
    .filter((each, place) => {
      if (each.supersededAt === null || each.name !== null) return false;
      if (each.isAskedFor || each.isUnarchived) return false;
      return place >= (keepLast ?? 0) && each.supersededAt.getTime() < oldest;
    })
    .map(({ version }) => version)
    .toReversed();
}
