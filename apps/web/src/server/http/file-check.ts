import { Transform } from "node:stream";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { UploadFormat } from "@teatree/shared/contracts/uploads";

/** First bytes that a file of the format must have; text formats have none. */
const MAGIC: Partial<Record<UploadFormat, { text: string; name: string }>> = {
  parquet: { text: "PAR1", name: "Parquet" },
};

/** Signatures of files that people rename by mistake; none of our text formats can begin so. */
const NEVER_TEXT = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: "a ZIP archive or a spreadsheet" },
  { bytes: [0x1f, 0x8b], name: "a gzip file" },
  { bytes: [0x50, 0x41, 0x52, 0x31], name: "a Parquet file" },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: "a PDF" },
];

/**
 * Passes a file on while it holds what its name promises and stays within the limit.
 * Fails with `unsupported_file` on the first bytes, with `upload_too_large` at the first byte too many.
 */
export function checkFile(format: UploadFormat, limitBytes: number): Transform {
  let bytes = 0;
  let head = Buffer.alloc(0);
  let checked = false;
  const check = () => {
    checked = true;
    assertLooksLike(format, head);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        bytes += chunk.length;
        if (bytes > limitBytes) throw tooLarge(limitBytes);
        if (!checked) {
          head = Buffer.concat([head, chunk.subarray(0, 8)]);
          if (head.length >= 8) check();
        }
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
    flush(done) {
      try {
        if (!checked) check();
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

export function tooLarge(limitBytes: number): TeatreeError {
  return new TeatreeError(
    "upload_too_large",
    `The file is larger than the limit of ${limitBytes.toLocaleString("en-US")} bytes.`,
    {
      details: { limitBytes },
    },
  );
}

function assertLooksLike(format: UploadFormat, head: Buffer): void {
  const magic = MAGIC[format];
  if (magic !== undefined) {
    if (head.subarray(0, magic.text.length).toString("latin1") === magic.text) return;
    throw new TeatreeError("unsupported_file", `The file is named .${format} but is no ${magic.name} file.`);
  }
  if (format === "arrow") return;
  const found = NEVER_TEXT.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (!found) return;
  throw new TeatreeError("unsupported_file", `The file is named .${format} but looks like ${found.name}.`);
}
