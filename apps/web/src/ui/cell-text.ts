import { formatNumber } from "./format.ts";

const INTEGER = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const FRACTION = /^(DOUBLE|FLOAT|REAL|DECIMAL)/;

/** Whether values of a DuckDB type are figures, which stand right. */
export function isNumeric(type: string): boolean {
  return INTEGER.test(type) || FRACTION.test(type);
}

export type CellText = { text: string; isNull: boolean };

/** One value of a JSON row as people read it: thousands apart, true minus, times without the T, nested values as JSON. */
export function cellText(value: unknown, type: string): CellText {
  if (value === null || value === undefined) return { text: "null", isNull: true };
  const shown = (text: string) => ({ text, isNull: false });
  if (INTEGER.test(type)) {
    if (typeof value === "number") return shown(formatNumber(value));
    if (typeof value === "string" && /^-?\d+$/.test(value)) return shown(groupDigits(value));
  }
  if (typeof value === "number") return shown(String(value).replace("-", "−"));
  if (typeof value === "string") {
    return shown(type.startsWith("TIMESTAMP") ? value.replace("T", " ").replace(/(\.0+)?Z$/, "") : value);
  }
  if (typeof value === "boolean") return shown(value ? "true" : "false");
  return shown(JSON.stringify(value));
}

/** Thousands of an integer that a double may not hold. */
function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",").replace("-", "−");
}

/** The icon that stands for a type. */
export function typeIcon(type: string): "number" | "text" | "date" | "bool" | "nested" {
  if (/[[(]/.test(type) && !type.startsWith("DECIMAL") && !type.startsWith("VARCHAR")) return "nested";
  if (isNumeric(type)) return "number";
  if (type === "BOOLEAN") return "bool";
  return /^(DATE|TIME|INTERVAL)/.test(type) ? "date" : "text";
}
