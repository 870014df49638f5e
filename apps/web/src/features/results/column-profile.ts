import type { GridColumn } from "./result-columns.ts";

/** What the head of a column shows of the rows that were read. */
export type ColumnProfile = {
  nulls: number;
  /** Counts of equally wide bins from least to most; for numbers and times. */
  histogram: { bins: number[]; least: string; most: string } | null;
  /** The most frequent values, at most two, with their share of all rows; for text and booleans. */
  top: { value: string; share: number }[];
  /** null where it would mean nothing or was too much to count. */
  distinct: number | null;
};

const BINS = 24;
const MOST_DISTINCT = 20_000;

/**
 * Looks through the rows at hand; of long results evenly spread ones, at most `sample`. Counts are of those looked at,
 * so only shares and shapes are shown when not all were.
 */
export function profileColumn(column: GridColumn, rowCount: number, sample = 10_000): ColumnProfile {
  const step = Math.max(1, rowCount / sample);
  const numeric = column.kind === "number" || column.kind === "time";
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  let nulls = 0;
  let seen = 0;
  for (let at = 0; at < rowCount; at += step) {
    const row = Math.floor(at);
    const value = column.plain(row);
    seen += 1;
    if (value === null) nulls += 1;
    else if (numeric) numbers.push(numberOf(value));
    else if (counts.size < MOST_DISTINCT) {
      const text = column.display(row) ?? "";
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return {
    nulls,
    histogram: numeric ? histogramOf(numbers.filter(Number.isFinite), column.kind) : null,
    top: topOf(counts, seen),
    distinct: numeric || counts.size >= MOST_DISTINCT || step > 1 ? null : counts.size,
  };
}

function numberOf(value: unknown): number {
  if (typeof value === "string") {
    const number = Number(value);
    // Times come as text in UTC; a clock time alone gets a day to stand on.
    return Number.isNaN(number)
      ? Date.parse(
          `${/^\d\d:/.test(value) ? `1970-01-01T${value}` : value.replace(" ", "T").replace(/\+00$/, "")}Z`,
        )
      : number;
  }
  return Number(value);
}

function histogramOf(numbers: number[], kind: GridColumn["kind"]): ColumnProfile["histogram"] {
  if (numbers.length < 2) return null;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  if (least === most) return null;
  const whole = numbers.every(Number.isInteger) && most - least < BINS && kind === "number";
  const count = whole ? most - least + 1 : BINS;
  const bins = Array.from({ length: count }, () => 0);
  for (const number of numbers) {
    const share = whole ? number - least : ((number - least) / (most - least)) * count;
    const bin = Math.min(count - 1, Math.floor(share));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { bins, least: edgeText(least, kind), most: edgeText(most, kind) };
}

function edgeText(value: number, kind: GridColumn["kind"]): string {
  if (kind === "time") {
    const iso = new Date(value).toISOString();
    return iso.startsWith("1970-01-01") ? iso.slice(11, 16) : iso.slice(0, 10);
  }
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 })
    .format(value)
    .replace("-", "−");
}

function topOf(counts: Map<string, number>, seen: number): ColumnProfile["top"] {
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 2)
    .map(([value, count]) => ({ value, share: seen === 0 ? 0 : count / seen }));
}

/** `24 distinct`, `3 null`, `−60 to 1.69K`: the one statistic of the head. */
export function profileSentence({ nulls, histogram, distinct }: ColumnProfile): string {
  if (nulls > 0) return `${nulls.toLocaleString("en-US")} null`;
  if (histogram) {
    const { least, most } = histogram;
    return least === most ? least : `${least} to ${most}`;
  }
  return distinct === null ? "" : `${distinct.toLocaleString("en-US")} distinct`;
}
