const MOST_RANGES = 6;

/** Version numbers in words, ascending: `2, 5 to 9 and 12`; of many ranges the last ones. */
export function wordVersions(versions: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const version of [...versions].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === version) last.to = version;
    else ranges.push({ from: version, to: version });
  }
  if (ranges.length === 0) return "none";
  const words = ranges.slice(-MOST_RANGES).map(({ from, to }) => wordRange(from, to));
  const before = ranges.length > MOST_RANGES ? "…, " : "";
  const last = words.pop() ?? "";
  return before + (words.length === 0 ? last : `${words.join(", ")} and ${last}`);
}

function wordRange(from: number, to: number): string {
  if (from === to) return String(from);
  return to === from + 1 ? `${from}, ${to}` : `${from} to ${to}`;
}
