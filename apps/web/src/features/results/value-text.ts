const DAY_MS = 86_400_000;
const MICROS_PER_DAY = 86_400_000_000n;
const LAST_DAY = 2_147_483_647;

/** `2001-01-01` from days since 1970; years outside 0…9999 get their sign, as ISO 8601 asks for. */
export function dateText(days: number): string {
  if (Math.abs(days) >= LAST_DAY) return days > 0 ? "infinity" : "-infinity";
  const time = new Date(days * DAY_MS);
  if (Number.isNaN(time.getTime())) return `${days} days since 1970-01-01`;
  return time.toISOString().split("T")[0] ?? "";
}

/** `07:46:00`, with as many decimals as there are. */
export function timeText(micros: bigint, nanos = 0): string {
  const whole = micros / 1_000_000n;
  const part =
    (micros % 1_000_000n).toString().padStart(6, "0") + (nanos ? String(nanos).padStart(3, "0") : "");
  const clock = [whole / 3600n, (whole / 60n) % 60n, whole % 60n].map((unit) =>
    unit.toString().padStart(2, "0"),
  );
  const decimals = part.replace(/0+$/, "");
  return decimals === "" ? clock.join(":") : `${clock.join(":")}.${decimals}`;
}

const INFINITY_MICROS = 9_223_372_036_854_775_807n;

/** `2001-01-01 07:46:00`; with a time zone the instant is shown in UTC and says so. */
export function timestampText(micros: bigint, nanos = 0, timezone: string | null = null): string {
  if (micros === INFINITY_MICROS) return "infinity";
  if (micros === -INFINITY_MICROS) return "-infinity";
  let days = micros / MICROS_PER_DAY;
  let rest = micros % MICROS_PER_DAY;
  if (rest < 0n) {
    days -= 1n;
    rest += MICROS_PER_DAY;
  }
  return `${dateText(Number(days))} ${timeText(rest, nanos)}${timezone === null ? "" : "+00"}`;
}

/** `12.50` for 1250 with scale 2. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `1 year 2 months 3 days 04:05:06`, as DuckDB writes it. */
export function intervalText(months: number, days: number, micros: bigint): string {
  const years = Math.trunc(months / 12);
  const parts = [unit(years, "year"), unit(months % 12, "month"), unit(days, "day")].filter(
    (part) => part !== "",
  );
  if (micros !== 0n || parts.length === 0) {
    parts.push(micros < 0n ? `-${timeText(-micros)}` : timeText(micros));
  }
  return parts.join(" ");
}

function unit(count: number, name: string): string {
  if (count === 0) return "";
  return `${count} ${name}${Math.abs(count) === 1 ? "" : "s"}`;
}

/** `\x0AFF`, all of it. */
export function hexText(bytes: Uint8Array): string {
  return `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("")}`;
}

/** Digits in groups of three and the true minus, for reading: `−1,234.5`. Text that is no plain decimal stays as it is. */
export function groupDigits(digits: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(digits);
  if (!match) return digits.replace(/^-/, "−");
  const [, sign = "", whole = "", part = ""] = match;
  return `${sign === "" ? "" : "−"}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${part}`;
}

/** At most six decimals for reading; very large and very small ones in powers of ten. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("-", "−").replace("Infinity", "infinity");
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4))
    return value
      .toExponential(5)
      .replace(/\.?0+e/, "e")
      .replaceAll("-", "−");
  return groupDigits(
    value
      .toFixed(6)
      .replace(/\.?0+$/, "")
      .replace(/^-0$/, "0"),
  );
}
