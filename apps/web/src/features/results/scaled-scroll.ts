/** Browsers clamp the height of an element at about 33 million pixels; far below that they still scroll exactly. */
export const MAX_SCROLL_PX = 8_000_000;

export type ScrollSizes = {
  /** Height of all rows were there no limit, in pixels. */
  contentPx: number;
  /** Height of the part of the grid that shows rows. */
  viewPx: number;
};

export type ScrollPlace = {
  /** What the browser's scroll bar says, in pixels of the scaled height. */
  scrollTop: number;
  /** Which pixel of the unscaled content is at the top. */
  top: number;
};

export function innerHeight({ contentPx }: Pick<ScrollSizes, "contentPx">): number {
  return Math.min(contentPx, MAX_SCROLL_PX);
}

/**
 * The place after the browser scrolled to `scrollTop`. Small moves (wheel, keys) go 1:1, so that a row moves as far as
 * the finger; jumps (dragging the bar) go in proportion; both ends are always reached exactly.
 */
export function afterScroll(before: ScrollPlace, scrollTop: number, sizes: ScrollSizes): ScrollPlace {
  const { contentPx, viewPx } = sizes;
  const scrollMax = Math.max(0, innerHeight(sizes) - viewPx);
  const topMax = Math.max(0, contentPx - viewPx);
  const at = clamp(scrollTop, 0, scrollMax);
  if (scrollMax === topMax) return { scrollTop: at, top: at };
  if (at === 0) return { scrollTop: 0, top: 0 };
  if (at === scrollMax) return { scrollTop: at, top: topMax };
  const moved = at - before.scrollTop;
  if (Math.abs(moved) <= viewPx) return { scrollTop: at, top: clamp(before.top + moved, 0, topMax) };
  return { scrollTop: at, top: (at / scrollMax) * topMax };
}

/** Where the scroll bar must stand so that `top` is at the top. */
export function scrollTopFor(top: number, sizes: ScrollSizes): number {
  const scrollMax = Math.max(0, innerHeight(sizes) - sizes.viewPx);
  const topMax = Math.max(0, sizes.contentPx - sizes.viewPx);
  if (topMax === 0) return 0;
  return scrollMax === topMax ? clamp(top, 0, topMax) : (clamp(top, 0, topMax) / topMax) * scrollMax;
}

/** The first shown item and the one after the last, with `spare` more on both sides. */
export function visibleRows(
  top: number,
  viewPx: number,
  rowPx: number,
  rowCount: number,
  spare: number,
): { from: number; to: number } {
  const from = clamp(Math.floor(top / rowPx) - spare, 0, rowCount);
  const to = clamp(Math.ceil((top + viewPx) / rowPx) + spare, from, rowCount);
  return { from, to };
}

/** The same for columns of unequal width; `starts[i]` is where column i begins, its last entry the total width. */
export function visibleColumns(
  starts: readonly number[],
  left: number,
  viewPx: number,
): { from: number; to: number } {
  const count = starts.length - 1;
  const from = Math.max(0, firstAfter(starts, left) - 1);
  let to = from;
  while (to < count && (starts[to] ?? 0) < left + viewPx) to += 1;
  return { from: Math.min(from, count), to };
}

function firstAfter(starts: readonly number[], left: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= left) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Offsets of columns from their widths: one entry more than there are columns. */
export function columnStarts(widths: readonly number[]): number[] {
  const starts = [0];
  for (const width of widths) starts.push((starts.at(-1) ?? 0) + width);
  return starts;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
