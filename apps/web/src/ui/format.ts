const MINUS = "\u2212";
const integers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** 3000000 → `3,000,000`; true minus for negatives. */
export function formatNumber(value: number): string {
  return integers.format(value).replace("-", MINUS);
}

/** A difference with its sign: `+1,000`, `−12`, `± 0`. */
export function formatDelta(value: number): string {
  if (value === 0) return "± 0";
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** Decimal units, as disks and networks count: 34_100_000 → `34.1 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return `${formatNumber(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Milliseconds in the unit that people would use: `6 ms`, `1.20 s`, `2 min 5 s`, `3 h 4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return ms === 0 ? "0 ms" : "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const absolute = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});
const dayOnly = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** ISO time → `22 Nov 2026, 11:04:31 UTC`. */
export function formatTimestamp(iso: string): string {
  return `${absolute.format(new Date(iso))} UTC`;
}

/** How long ago, in words of at most two parts: `now`, `2 min ago`, `3 h ago`, `yesterday`, `18 Nov`. */
export function formatAgo(iso: string, now: Date): string {
  const then = new Date(iso);
  const seconds = Math.round((now.getTime() - then.getTime()) / 1000);
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  if (then.getTime() >= midnight) return `${Math.floor(seconds / 3600)} h ago`;
  if (then.getTime() >= midnight - 86_400_000) return "yesterday";
  return then.getFullYear() === now.getFullYear() ? dayOnly.format(then) : dayAndYear.format(then);
}

/** The first letters of an id or hash that people compare by eye. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** `9f2c6e01b7d4…5a83e0c7`: both ends of a hash. */
export function shortHash(hash: string, head = 12, tail = 8): string {
  return hash.length <= head + tail + 1 ? hash : `${hash.slice(0, head)}…${hash.slice(-tail)}`;
}

/** `1 row`, `2 rows`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
