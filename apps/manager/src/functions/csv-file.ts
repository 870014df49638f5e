import { open } from "node:fs/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ImportArgs } from "@teatree/shared/contracts/functions";
import { engineMessage } from "../gate/errors.ts";
import { quoteText } from "../writer/engine.ts";
import type { StagedUpload } from "../writer/protocol.ts";
import type { FunctionContext } from "./context.ts";
import { csvHeader } from "./csv-header.ts";
import { dataError } from "./data-errors.ts";

export type FileOptions = NonNullable<ImportArgs["options"]>;

const HEAD_BYTES = 256 * 1024;

/**
 * The table function that reads a CSV file strictly. The dialect is fixed from the first record, because the engine's own search would
 * rather take a file with a broken line for one with another delimiter. Types are found over the whole file: a sample would round what
 * comes later.
 */
export async function csvReader(
  upload: StagedUpload,
  options: FileOptions,
): Promise<{ read: (types: ReadonlyMap<string, string>) => string; strict: () => string; header: string[] }> {
  const head = await firstBytes(upload.path);
  if (head.length === 0) throw new TeatreeError("invalid_data", `"${upload.filename}" is empty.`);
  const { delimiter, fields } = csvHeader(head, options);
  const quote = options.quote ?? '"';
  const common = [
    quoteText(upload.path),
    `delim = ${quoteText(delimiter)}`,
    `quote = ${quoteText(quote)}`,
    `escape = ${quoteText(options.escape ?? quote)}`,
    "skip = 0",
    "null_padding = false",
    "ignore_errors = false",
    "strict_mode = true",
    ...(options.nullText === undefined ? [] : [`nullstr = ${quoteText(options.nullText)}`]),
    ...(options.dateFormat === undefined ? [] : [`dateformat = ${quoteText(options.dateFormat)}`]),
    ...(options.timestampFormat === undefined
      ? []
      : [`timestampformat = ${quoteText(options.timestampFormat)}`]),
  ];
  const header = options.header === undefined ? [] : [`header = ${options.header}`];
  return {
    header: fields,
    read: (types) => {
      const list = [...types].map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
      const typed = list.length > 0 ? [`types = {${list.join(", ")}}`] : [];
      return `read_csv(${[...common, ...header, "sample_size = -1", ...typed].join(", ")})`;
    },
    strict: () => {
      const columns = fields.map((_, index) => `'c${index}': 'VARCHAR'`).join(", ");
      const first = `header = ${options.header ?? true}`;
      return `read_csv(${[...common, first, "auto_detect = false", `columns = {${columns}}`].join(", ")})`;
    },
  };
}

/** The engine's refusal of a CSV file as line (from 1, in the file), column and what is wrong. */
export async function csvError(
  context: FunctionContext,
  upload: StagedUpload,
  error: unknown,
  strict: () => string,
): Promise<TeatreeError> {
  if (error instanceof TeatreeError) return error;
  const first = lineError(engineMessage(error), upload.filename);
  if (first) return first;
  if (!/sniffing/i.test(engineMessage(error))) return dataError(error, upload.filename);
  // The engine only says that it found no dialect. Reading every field as text names the line.
  try {
    await context.probe.run(`SELECT system.main.count(COLUMNS(*)) FROM ${strict()}`);
  } catch (again) {
    return lineError(engineMessage(again), upload.filename) ?? dataError(again, upload.filename);
  }
  return new TeatreeError("invalid_data", `"${upload.filename}" cannot be read as CSV.`, { cause: error });
}

function lineError(message: string, filename: string): TeatreeError | undefined {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  if (line === undefined) return undefined;
  const conversion = /Error when converting column "(.*)"\. (.*)/.exec(message);
  const count = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  const problem = conversion
    ? `column "${conversion[1]}": ${lowerFirst(conversion[2] ?? "the value does not fit")}`
    : count
      ? `expected ${count[1]} columns, found ${count[2]}`
      : /unterminated quote/i.test(message)
        ? "a quote is opened and not closed"
        : /unicode/i.test(message)
          ? "the text is not UTF-8"
          : "the line cannot be read";
  return new TeatreeError("invalid_data", `"${filename}", line ${line}: ${problem.replace(/\.$/, "")}.`, {
    details: { line: Number(line), ...(conversion ? { field: conversion[1] } : {}) },
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
