import { type Data, DataType, IntervalUnit, TimeUnit, Vector } from "apache-arrow";
import { dateText, decimalText, hexText, intervalText, timestampText, timeText } from "./value-text.ts";

/** A value of a result in plain JavaScript. Times, decimals and bytes are already text: no number holds them exactly. */
export type Plain = null | boolean | number | bigint | string | Plain[] | { [name: string]: Plain };

const MICROS_PER_UNIT: Record<TimeUnit, bigint> = {
  [TimeUnit.SECOND]: 1_000_000n,
  [TimeUnit.MILLISECOND]: 1_000n,
  [TimeUnit.MICROSECOND]: 1n,
  [TimeUnit.NANOSECOND]: 1n,
};

/** Reads one value of an Arrow column. Arrow's own getters turn times into doubles and leave decimals unscaled. */
export function plainValue(data: Data, index: number): Plain {
  if (!DataType.isUnion(data.type) && !data.getValid(index)) return null;
  const { type } = data;
  if (DataType.isNull(type)) return null;
  if (DataType.isBool(type)) return readBit(data.values, data.offset + index);
  if (DataType.isInt(type) || DataType.isFloat(type)) return numberAt(data, index);
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return String(get(data, index));
  if (DataType.isDecimal(type)) {
    return decimalText(bigOfWords(data.values, index, data.stride), type.scale);
  }
  if (DataType.isDate(type)) return dateText(dayOf(data, index));
  if (DataType.isTimestamp(type)) {
    return timestampText(
      microsOf(data, index, type.unit),
      nanosLeft(data, index, type.unit),
      type.timezone ?? null,
    );
  }
  if (DataType.isTime(type)) return timeText(microsOf(data, index, type.unit));
  if (DataType.isInterval(type)) return intervalOf(data, index, type.unit);
  if (DataType.isDuration(type)) return intervalText(0, 0, microsOf(data, index, type.unit));
  if (DataType.isDictionary(type)) return dictionaryValue(data, index);
  return nestedValue(data, index);
}

function nestedValue(data: Data, index: number): Plain {
  const { type } = data;
  if (DataType.isStruct(type)) return structValue(data, index);
  if (DataType.isFixedSizeList(type)) {
    return listValue(data.children[0], index * type.listSize, (index + 1) * type.listSize);
  }
  if (DataType.isList(type)) {
    return listValue(data.children[0], offsetAt(data, index), offsetAt(data, index + 1));
  }
  if (DataType.isMap(type)) {
    const entries = listValue(data.children[0], offsetAt(data, index), offsetAt(data, index + 1));
    return mapOf(entries);
  }
  const value = get(data, index);
  if (value instanceof Uint8Array) return hexText(value);
  return value === null || value === undefined ? null : String(value);
}

function mapOf(entries: Plain[]): Plain {
  const result: { [name: string]: Plain } = {};
  for (const entry of entries) {
    if (entry === null || typeof entry !== "object" || Array.isArray(entry)) continue;
    const [key, value] = Object.values(entry);
    result[typeof key === "string" ? key : compactJson(key ?? null)] = value ?? null;
  }
  return result;
}

/** One-line JSON; 64-bit integers stay digits. */
export function compactJson(value: Plain): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(compactJson).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.entries(value).map(
      ([name, field]) => `${JSON.stringify(name)}: ${compactJson(field)}`,
    );
    return `{${fields.join(", ")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) return `"${value}"`;
  return JSON.stringify(value);
}

/** Inside JSON a decimal is a number where a double holds it; text would read as a string there. */
function nestedItem(child: Data, index: number): Plain {
  const value = plainValue(child, index);
  if (typeof value !== "string" || !DataType.isDecimal(child.type)) return value;
  const number = Number(value);
  return number.toFixed(child.type.scale) === value ? number : value;
}

function listValue(child: Data | undefined, from: number, to: number): Plain[] {
  const items: Plain[] = [];
  if (child) for (let at = from; at < to; at += 1) items.push(nestedItem(child, at));
  return items;
}

function structValue(data: Data, index: number): Plain {
  const fields: { [name: string]: Plain } = {};
  const { children } = data.type;
  data.children.forEach((child, at) => {
    fields[children?.[at]?.name ?? String(at)] = nestedItem(child, index);
  });
  return fields;
}

function dictionaryValue(data: Data, index: number): Plain {
  const at = Number(data.values[index]);
  const dictionary = data.dictionary;
  if (!dictionary) return null;
  let rest = at;
  for (const chunk of dictionary.data) {
    if (rest < chunk.length) return plainValue(chunk, rest);
    rest -= chunk.length;
  }
  return null;
}

function numberAt(data: Data, index: number): number | bigint {
  if (DataType.isFloat(data.type) && data.type.precision === 0) return Number(get(data, index));
  const value: unknown = data.values[index];
  return typeof value === "bigint" ? value : Number(value);
}

function get(data: Data, index: number): unknown {
  return new Vector([data]).get(index);
}

function offsetAt(data: Data, index: number): number {
  return Number(data.valueOffsets[index]);
}

function readBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}

function bigOfWords(words: Uint32Array, index: number, stride: number): bigint {
  let value = 0n;
  for (let at = stride - 1; at >= 0; at -= 1)
    value = (value << 32n) | BigInt(words[index * stride + at] ?? 0);
  return BigInt.asIntN(stride * 32, value);
}

function dayOf(data: Data, index: number): number {
  const value = data.values[index];
  // DateMillisecond holds milliseconds in 64 bits, DateDay days in 32.
  return typeof value === "bigint" ? Number(value / 86_400_000n) : Number(value);
}

function microsOf(data: Data, index: number, unit: TimeUnit): bigint {
  const value = BigInt(data.values[index]);
  return unit === TimeUnit.NANOSECOND ? floorDivide(value, 1000n) : value * MICROS_PER_UNIT[unit];
}

function nanosLeft(data: Data, index: number, unit: TimeUnit): number {
  if (unit !== TimeUnit.NANOSECOND) return 0;
  const value = BigInt(data.values[index]);
  return Number(value - floorDivide(value, 1000n) * 1000n);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function intervalOf(data: Data, index: number, unit: IntervalUnit): string {
  const words: Int32Array = data.values;
  if (unit === IntervalUnit.YEAR_MONTH) return intervalText(words[index] ?? 0, 0, 0n);
  if (unit === IntervalUnit.DAY_TIME) {
    return intervalText(0, words[index * 2] ?? 0, BigInt(words[index * 2 + 1] ?? 0) * 1000n);
  }
  const low = BigInt(words[index * 4 + 2] ?? 0);
  const nanos = (BigInt(words[index * 4 + 3] ?? 0) << 32n) | BigInt.asUintN(32, low);
  return intervalText(words[index * 4] ?? 0, words[index * 4 + 1] ?? 0, nanos / 1000n);
}
