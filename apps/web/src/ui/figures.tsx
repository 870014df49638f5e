"use client";

import { useSyncExternalStore } from "react";
import {
  formatAgo,
  formatBytes,
  formatDelta,
  formatDuration,
  formatNumber,
  formatTimestamp,
} from "./format.ts";

let now = new Date();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function watchClock(onTick: () => void) {
  watchers.add(onTick);
  ticking ??= setInterval(() => {
    now = new Date();
    for (const watcher of watchers) watcher();
  }, 10_000);
  return () => {
    watchers.delete(onTick);
    if (watchers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** How long ago, kept up to date; the exact time in UTC is its tooltip. One clock moves all of them. */
export function Time({ at, className }: { at: string; className?: string }) {
  const clock = useSyncExternalStore(
    watchClock,
    () => now,
    () => now,
  );
  // What was just made would lie in the future of a clock that moves every ten seconds.
  const reference = new Date(at) > clock ? new Date() : clock;
  return (
    <time dateTime={at} title={formatTimestamp(at)} className={className} suppressHydrationWarning>
      {formatAgo(at, reference)}
    </time>
  );
}

/** The exact time in UTC. */
export function Timestamp({ at }: { at: string }) {
  return <time dateTime={at}>{formatTimestamp(at)}</time>;
}

export function Bytes({ value }: { value: number }) {
  return (
    <span title={`${formatNumber(value)} bytes`} className="whitespace-nowrap">
      {formatBytes(value)}
    </span>
  );
}

export function Num({ value }: { value: number }) {
  return <span className="whitespace-nowrap">{formatNumber(value)}</span>;
}

/** A row difference: green with plus, red with minus, quiet when nothing changed. */
export function Delta({ value }: { value: number }) {
  const tone = value > 0 ? "font-medium text-add" : value < 0 ? "font-medium text-del" : "text-ink-3";
  return <span className={`whitespace-nowrap ${tone}`}>{formatDelta(value)}</span>;
}

export function Duration({ ms }: { ms: number }) {
  return <span className="whitespace-nowrap">{formatDuration(ms)}</span>;
}
