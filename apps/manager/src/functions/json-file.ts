import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { engineMessage } from "../gate/errors.ts";
import { placeOf } from "../gate/places.ts";
import { quoteText } from "../writer/engine.ts";
import type { StagedUpload } from "../writer/protocol.ts";
import type { FileOptions } from "./csv-file.ts";
import { dataError } from "./data-errors.ts";
import { firstJsonError } from "./json-place.ts";

/** The table function that reads JSON (an array, or one document) or NDJSON; with `columns` those types are used. */
export function jsonReader(upload: StagedUpload, options: FileOptions) {
  const common = [
    quoteText(upload.path),
    `format = ${upload.format === "ndjson" ? "'newline_delimited'" : "'auto'"}`,
    "records = true",
    ...(options.dateFormat === undefined ? [] : [`dateformat = ${quoteText(options.dateFormat)}`]),
    ...(options.timestampFormat === undefined
      ? []
      : [`timestampformat = ${quoteText(options.timestampFormat)}`]),
  ];
  return (columns: ReadonlyMap<string, string>): string => {
    const list = [...columns].map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
    const typed =
      list.length > 0
        ? [`columns = {${list.join(", ")}}`]
        : ["sample_size = -1", "map_inference_threshold = -1"];
    return `read_json(${[...common, ...typed].join(", ")})`;
  };
}

/** The engine's refusal of a JSON file; for NDJSON with the line, found by reading the file once more. */
export async function jsonError(upload: StagedUpload, error: unknown): Promise<TeatreeError> {
  if (error instanceof TeatreeError) return error;
  const message = engineMessage(error);
  if (!/JSON/.test(message)) return dataError(error, upload.filename);
  const line = upload.format === "ndjson" ? await firstBadLine(upload.path) : undefined;
  if (line !== undefined) {
    return new TeatreeError("invalid_data", `"${upload.filename}", line ${line}: not a JSON object.`, {
      details: { line },
    });
  }
  const place = await firstBadPlace(upload.path);
  if (place === "unknown") return new TeatreeError("invalid_data", `"${upload.filename}": not valid JSON.`);
  if (place === undefined) {
    const none = `"${upload.filename}" must hold an object or an array of objects, each with every name once.`;
    return new TeatreeError("invalid_data", none);
  }
  const { line: inLine, column, byteOrderMark } = place;
  const problem = byteOrderMark ? "begins with a byte order mark; save it without one" : "not valid JSON";
  const told = `"${upload.filename}", line ${inLine}, column ${column}: ${problem}.`;
  return new TeatreeError("invalid_data", told, { details: { line: inLine, column } });
}

const LOOK_AT_BYTES = 64 * 1024 * 1024;

/** The engine counts records otherwise than people do, so a file that is not too large is parsed once more. */
async function firstBadPlace(path: string) {
  if ((await stat(path)).size > LOOK_AT_BYTES) return "unknown";
  const text = await readFile(path, "utf8");
  const offset = firstJsonError(text);
  if (offset === undefined) return undefined;
  return { ...placeOf(text, offset), byteOrderMark: text.startsWith("\ufeff") };
}

async function firstBadLine(path: string): Promise<number | undefined> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value !== "object" || value === null || Array.isArray(value)) return number;
    } catch {
      return number;
    }
  }
  return undefined;
}
