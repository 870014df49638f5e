import { DataType, type Field, TimeUnit, type Vector } from "apache-arrow";

const PER_SECOND: Record<number, bigint> = {
  [TimeUnit.SECOND]: 1n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1_000_000n,
  [TimeUnit.NANOSECOND]: 1_000_000_000n,
};

/**
 * A cell of a column without nesting as DuckDB writes it as text, from the raw Arrow values: Arrow's own
 * getters round times to doubles. `null` for a NULL.
 */
export function arrowText(field: Field, column: Vector, row: number): string | null {
  const { type } = field;
  if (!column.isValid(row)) return null;
  if (DataType.isDecimal(type)) return decimalText(words(column, row, 4), type.scale);
  if (DataType.isDate(type)) return new Date(Number(column.get(row))).toISOString().slice(0, 10);
  if (DataType.isTime(type)) return clock(raw(column, row), type.unit);
  if (DataType.isTimestamp(type)) {
    const perSecond = PER_SECOND[type.unit] ?? 1n;
    const value = raw(column, row);
    const inDay = ((value % (86_400n * perSecond)) + 86_400n * perSecond) % (86_400n * perSecond);
    const day = new Date(Number((value - inDay) / perSecond) * 1000).toISOString().slice(0, 10);
    return `${day} ${clock(inDay, type.unit)}${type.timezone ? "+00" : ""}`;
  }
  if (DataType.isBinary(type)) return blobText(column.get(row));
  return String(column.get(row));
}

function clock(value: bigint, unit: TimeUnit): string {
  const perSecond = PER_SECOND[unit] ?? 1n;
  const seconds = value / perSecond;
  const two = (number: bigint) => String(number).padStart(2, "0");
  const text = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const fraction = String(value % perSecond).padStart(String(perSecond).length - 1, "0");
  return value % perSecond === 0n ? text : `${text}.${fraction.replace(/0+$/, "")}`;
}

function raw(column: Vector, row: number): bigint {
  const values: unknown = column.data[0]?.values;
  if (!(values instanceof BigInt64Array)) throw new Error("the column has no 64-bit values");
  return values[row] ?? 0n;
}

function words(column: Vector, row: number, count: number): number[] {
  const values: unknown = column.data[0]?.values;
  if (!(values instanceof Uint32Array)) throw new Error("the column has no decimal values");
  return [...values.subarray(row * count, row * count + count)];
}

function decimalText(parts: number[], scale: number): string {
  const unsigned = parts.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const value = BigInt.asIntN(128, unsigned);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? "-" : ""}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ""}`;
}

function blobText(bytes: unknown): string {
  if (!(bytes instanceof Uint8Array)) throw new Error("the cell holds no bytes");
  const shown = (byte: number) =>
    byte < 0x20 || byte > 0x7e
      ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte);
  return [...bytes].map(shown).join("");
}
