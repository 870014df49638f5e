/** Value below which the given share of the samples lies; `share` between 0 and 1, nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  const value = sorted[rank];
  if (value === undefined) throw new Error("a percentile needs at least one sample");
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** Median of the per-round ratios: both sides of a round met the same weather, so drift cancels out. */
export function medianRatio(pairs: readonly { value: number; floor: number }[]): number {
  return median(pairs.map(({ value, floor }) => value / floor));
}

/** Milliseconds that `work` took, with its value. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}
