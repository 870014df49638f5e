/** One bar: when it began (ms after the origin) and how long it took. */
export type Span = { start: number; duration: number };
export type Segment = { from: number; to: number; folded: boolean; left: number; width: number };
export type Axis = { segments: Segment[]; idleMs: number; busyMs: number; end: number };

const FOLD_SHARE = 0.05;
const FOLD_ABOVE_SHARE = 0.2;
const FOLD_ABOVE_MS = 100;
const LEAST_SHARE_BEFORE = 0.72;

/**
 * Lays spans on an axis from 0 to 1 on which long idle gaps are folded to a fixed share, so that a job that waited a
 * minute for its archive still shows its milliseconds. What lies before `readable` gets most of the axis: people wait
 * for that, and a long archive would press it flat.
 */
export function layOut(spans: Span[], readable?: number): Axis {
  const busy = mergeBusy(spans);
  const busyMs = sum(busy);
  const foldAbove = Math.max(FOLD_ABOVE_MS, busyMs * FOLD_ABOVE_SHARE);
  const segments = withGaps(busy, foldAbove).flatMap((segment) => splitAt(segment, readable));
  const folds = segments.filter(({ folded }) => folded);
  const open = segments.filter(({ folded }) => !folded);
  const before = open.filter(({ to }) => readable === undefined || to <= readable);
  const after = open.filter((segment) => !before.includes(segment));
  const share = Math.max(0.2, 1 - folds.length * FOLD_SHARE);
  const natural = sum(open) === 0 ? 1 : sum(before) / sum(open);
  const beforeShare =
    after.length === 0 ? 1 : before.length === 0 ? 0 : Math.max(natural, LEAST_SHARE_BEFORE);
  let left = 0;
  for (const segment of segments) {
    segment.left = left;
    if (segment.folded) segment.width = (1 - share) / folds.length;
    else if (before.includes(segment)) segment.width = share * beforeShare * part(segment, before);
    else segment.width = share * (1 - beforeShare) * part(segment, after);
    left += segment.width;
  }
  return { segments, idleMs: sum(folds), busyMs, end: segments.at(-1)?.to ?? 0 };
}

function sum(stretches: { from: number; to: number }[]): number {
  return stretches.reduce((total, { from, to }) => total + to - from, 0);
}

function part(segment: Segment, among: Segment[]): number {
  const total = sum(among);
  return total === 0 ? 1 / among.length : (segment.to - segment.from) / total;
}

function splitAt(segment: Segment, ms: number | undefined): Segment[] {
  if (segment.folded || ms === undefined || ms <= segment.from || ms >= segment.to) return [segment];
  return [
    { ...segment, to: ms },
    { ...segment, from: ms },
  ];
}

/** Where a moment lies on the axis, 0 to 1. */
export function positionOf(axis: Axis, ms: number): number {
  for (const { from, to, left, width } of axis.segments) {
    if (ms <= to) return to === from ? left : left + (Math.max(0, ms - from) / (to - from)) * width;
  }
  return 1;
}

/** Round moments to write above the axis, none closer than `minShare` to the one before. */
export function ticksOf(axis: Axis, minShare = 0.12): number[] {
  const open = axis.segments.filter((segment) => !segment.folded);
  const step = roundStep(open.reduce((sum, { from, to }) => sum + to - from, 0) / 5);
  const candidates = open.flatMap(({ from, to }, index) => {
    const first = index === 0 || open[index - 1]?.to === from ? [] : [from];
    const count = Math.min(50, Math.floor((to - from) / step) + 1);
    const round = Array.from({ length: count }, (_, n) => Math.ceil(from / step) * step + n * step);
    return [...first, ...round.filter((ms) => ms <= to)];
  });
  const ticks: number[] = [];
  for (const ms of candidates) {
    const last = ticks.at(-1);
    if (last === undefined || positionOf(axis, ms) - positionOf(axis, last) >= minShare) ticks.push(ms);
  }
  return ticks.filter((ms) => positionOf(axis, ms) <= 0.94);
}

/** Width of a letter of a detail as a share of an axis of usual width. */
const LETTER_SHARE = 0.0125;

/**
 * On which side of its bar a step's detail stands. It does not cross the line at `readable` when the other side has room.
 */
export function detailSide(bar: {
  left: number;
  right: number;
  length: number;
  readable: number | undefined;
}): "left" | "right" {
  const need = bar.length * LETTER_SHARE + 0.015;
  const before = bar.readable !== undefined && bar.right <= bar.readable + 0.001;
  const roomRight = (before ? (bar.readable ?? 1) : 1) - bar.right;
  if (roomRight >= need) return "right";
  if (bar.left >= need) return "left";
  return 1 - bar.right >= bar.left ? "right" : "left";
}

function mergeBusy(spans: Span[]): { from: number; to: number }[] {
  const merged: { from: number; to: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    const to = span.start + span.duration;
    if (last && span.start <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from: span.start, to });
  }
  return merged;
}

function withGaps(busy: { from: number; to: number }[], foldAbove: number): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const { from, to } of busy) {
    const last = segments.at(-1);
    if (from - at > foldAbove) segments.push({ from: at, to: from, folded: true, left: 0, width: 0 });
    else if (last && !last.folded) {
      last.to = to;
      at = to;
      continue;
    }
    const start = from - at > foldAbove ? from : at;
    segments.push({ from: start, to, folded: false, left: 0, width: 0 });
    at = to;
  }
  return segments;
}

function roundStep(rough: number): number {
  if (!(rough > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return digit * power;
}
