/** So long after the last work: whoever submits one thing after the other is not slowed down by what can wait. */
export const QUIET_MS = 250;

export interface RightOfWay {
  /** This work goes first until it has ended, well or not. */
  giveWay(work: Promise<unknown>): void;
  /**
   * Resolves when nothing has gone first for {@link QUIET_MS}, or when the clock is at `latest` (milliseconds since 1970), or the
   * signal aborts. From then on nothing goes first before that is asked again with a later time.
   */
  wait(latest: number, signal: AbortSignal): Promise<void>;
}

/** Lets work that somebody waits for go before work that nobody waits for; `onChange` is told when the latter may go on. */
export function createRightOfWay(onChange: (isFree: boolean) => void): RightOfWay {
  let working = 0;
  let quietAt = Number.NEGATIVE_INFINITY;
  let latest = Number.POSITIVE_INFINITY;
  let isFree = true;
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();

  function look(): void {
    clearTimeout(timer);
    const at = Math.min(latest, working > 0 ? Number.POSITIVE_INFINITY : quietAt);
    const now = Date.now();
    change(now >= at);
    if (!isFree && Number.isFinite(at)) timer = setTimeout(look, at - now);
  }

  function change(free: boolean): void {
    if (free !== isFree) {
      isFree = free;
      onChange(free);
    }
    if (!free) return;
    for (const go of waiting) go();
    waiting.clear();
  }

  function ended(): void {
    working -= 1;
    if (working === 0) quietAt = Date.now() + QUIET_MS;
    look();
  }

  return {
    giveWay(work) {
      working += 1;
      look();
      work.then(ended, ended);
    },
    async wait(until, signal) {
      latest = until;
      look();
      if (isFree || signal.aborted) return;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
  };
}
