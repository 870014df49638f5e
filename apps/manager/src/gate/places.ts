/** Where a UTF-16 offset lies in a text: line and column count from 1, columns in characters. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

/** The UTF-16 offset of a UTF-8 byte offset: DuckDB counts bytes, JavaScript does not. */
export function offsetOfByte(text: string, byte: number): number {
  const bytes = Buffer.from(text, "utf8");
  return bytes.subarray(0, Math.min(byte, bytes.length)).toString("utf8").length;
}
