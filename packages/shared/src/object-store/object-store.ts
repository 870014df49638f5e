import type { Readable } from "node:stream";
import { TeatreeError } from "../contracts/errors.ts";

export interface PutOptions {
  /** In hex; the object is refused with `upload_incomplete` when the bytes have another. */
  sha256?: string;
  /** Declared length; the object is refused with `upload_incomplete` when it has another. */
  bytes?: number;
  /** Leave an existing object as it is. */
  ifAbsent?: boolean;
}

export interface StoredObject {
  bytes: number;
  sha256: string;
  /** False: `ifAbsent` found an object under the key and left it. */
  created: boolean;
}

/** First and last byte, both included, as in HTTP; without `end` up to the last byte. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface ObjectBytes {
  stream: Readable;
  /** How many bytes the stream gives. */
  bytes: number;
}

export interface ListedObject {
  key: string;
  bytes: number;
}

/**
 * Immutable bytes under keys such as `models/<id>/archive/e3/v7/flights.parquet`. An object is there whole or not
 * at all. Errors: `not_found`, `range_not_satisfiable`, `upload_incomplete`, `invalid_arguments` (a bad key),
 * `disk_full`, `unavailable`.
 */
export interface ObjectStore {
  /** Consumes the source; memory stays bounded whatever its length. A source that fails leaves nothing. */
  put(key: string, source: Readable | Uint8Array, options?: PutOptions): Promise<StoredObject>;
  /** The same from a file, which stays where it is. */
  putFile(key: string, path: string, options?: PutOptions): Promise<StoredObject>;
  /** Read the stream to its end or destroy it. */
  get(key: string, range?: ByteRange): Promise<ObjectBytes>;
  /** null: there is no such object. */
  head(key: string): Promise<{ bytes: number } | null>;
  /** An absent object is no error. */
  remove(key: string): Promise<void>;
  /** All objects whose key begins with the prefix, in no promised order. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** Directory driver only: where the object lies, so that it can be read without a copy. Never write there. */
  localPath?(key: string): string | undefined;
  /** Rejects when the store cannot be used now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

const SEGMENT = /^[A-Za-z0-9_%=+@,()-][A-Za-z0-9._%=+@,()-]*$/;

/**
 * Throws `invalid_arguments` unless the key is slash-separated names of plain ASCII that do not begin with a dot:
 * such a key cannot leave the directory, is equal on every file system and needs no escaping in a URL's path.
 */
export function assertObjectKey(key: string): void {
  const segments = key.split("/");
  const good = segments.every((segment) => segment.length <= 200 && SEGMENT.test(segment));
  if (!good || key.length > 900) {
    throw new TeatreeError("invalid_arguments", "This is not a valid object key.", { details: { key } });
  }
}

/** As {@link assertObjectKey}, but a prefix may be empty or end anywhere, also with a slash. */
export function assertObjectPrefix(prefix: string): void {
  const trimmed = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  if (trimmed !== "") assertObjectKey(trimmed);
}

/** Which bytes a range means in an object of `bytes` bytes. Throws `range_not_satisfiable`. */
export function resolveRange(range: ByteRange, bytes: number): { start: number; end: number } {
  const end = Math.min(range.end ?? bytes - 1, bytes - 1);
  const whole = Number.isInteger(range.start) && (range.end === undefined || Number.isInteger(range.end));
  if (!whole || range.start < 0 || range.start > end) {
    throw new TeatreeError("range_not_satisfiable", "The range lies outside the object.", {
      details: { bytes },
    });
  }
  return { start: range.start, end };
}

export function objectNotFound(key: string, cause?: unknown): TeatreeError {
  return new TeatreeError("not_found", "There is no such object.", { details: { key }, cause });
}
