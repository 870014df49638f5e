const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Whether a text is a calendar date `YYYY-MM-DD`. */
export function isIsoDate(text: string): boolean {
  const match = DATE.exec(text);
  return match !== null && realDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

export function isIsoTime(text: string): boolean {
  const match = TIME.exec(text);
  return match !== null && realTime(Number(match[1]), Number(match[2]), Number(match[3]));
}

/**
 * An ISO 8601 timestamp as DuckDB's TIMESTAMP text in UTC: `2020-01-01 08:00:00.5` for `2020-01-01T10:00:00.5+02:00`. DuckDB itself
 * drops the offset when it casts to TIMESTAMP. Undefined when it is none.
 */
export function utcTimestamp(text: string): { utc: string; zoned: boolean } | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", zone] = match;
  if (!realDay(Number(year), Number(month), Number(day))) return undefined;
  if (!realTime(Number(hour), Number(minute), Number(second))) return undefined;
  const offset = zone === undefined ? 0 : offsetMinutes(zone);
  if (offset === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute) - offset, Number(second));
  const shown = date.toISOString();
  if (!/^\d{4}-/.test(shown)) return undefined;
  return { utc: `${shown.slice(0, 10)} ${shown.slice(11, 19)}${fraction}`, zoned: zone !== undefined };
}

function offsetMinutes(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function realDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= days;
}

function realTime(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60;
}
