/** No more versions than this are open at once; beyond it a read is asked to come again. */
export const MOST_OPEN = 32;

/**
 * How much memory the next instance may use, in bytes. The first gets half of all, so that one large query has
 * room; each further one half of what is left, and never less than a 32nd. So all of them together stay below
 * twice the total even when 32 are open, and in the usual case of two below three quarters of it.
 */
export function memoryShare(totalBytes: number, shares: Iterable<number>): number {
  let given = 0;
  for (const share of shares) given += share;
  const left = Math.max(0, totalBytes - given);
  return Math.floor(Math.max(left / 2, totalBytes / MOST_OPEN));
}
