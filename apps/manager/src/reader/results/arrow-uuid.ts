import { Utf8 } from "apache-arrow";
import { type ArrowColumn, pieceOf } from "./arrow-column.ts";
import { arrowOffsets } from "./arrow-offsets.ts";
import { growingBytes } from "./growing-bytes.ts";
import type { ResultMeter } from "./result-meter.ts";
import { isValid, validityBits } from "./validity-bits.ts";
import { validityOf, valuesOf } from "./vector-memory.ts";

const TEXT_BYTES = 36;
const DASH = 0x2d;
const HEX = new TextEncoder().encode("0123456789abcdef");
/** Which byte comes next in the text, -1 for a dash. DuckDB keeps the 128 bits in little-endian order. */
const ORDER = [15, 14, 13, 12, -1, 11, 10, -1, 9, 8, -1, 7, 6, -1, 5, 4, 3, 2, 1, 0];

/** UUID as text: readers of Arrow show 16 bytes as bytes. */
export function uuidColumn(meter: ResultMeter): ArrowColumn {
  const type = new Utf8();
  const text = growingBytes();
  const offsets = arrowOffsets();
  const validity = validityBits();
  let bytes = new Uint8Array(0);
  let valid: Uint8Array | null = null;

  function write(target: Uint8Array, row: number): void {
    let at = text.length;
    for (const index of ORDER) {
      if (index < 0) target[at++] = DASH;
      else {
        const byte = bytes[row * 16 + index] ?? 0;
        // The highest bit is kept flipped, so that DuckDB can sort the 128 bits as a signed number.
        const real = index === 15 ? byte ^ 0x80 : byte;
        target[at++] = HEX[real >> 4] ?? 0;
        target[at++] = HEX[real & 15] ?? 0;
      }
    }
  }

  return {
    type,
    source(vector, size) {
      bytes = valuesOf(vector, size, 16);
      valid = validityOf(vector, size);
    },
    append(start, count) {
      meter.add(count * (TEXT_BYTES + 4));
      const ends = offsets.next(count);
      for (let row = start; row < start + count; row += 1) {
        if (isValid(valid, row)) {
          write(text.reserve(TEXT_BYTES), row);
          text.advance(TEXT_BYTES);
        }
        ends[row - start] = text.length;
      }
      validity.append(valid, start, count);
    },
    take() {
      const { length, valueOffsets } = offsets.take();
      return pieceOf(type, length, { valueOffsets, values: text.take(), ...validity.take() });
    },
  };
}
