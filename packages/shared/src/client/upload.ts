import { ENDPOINTS } from "../contracts/endpoints.ts";
import { TeatreeError } from "../contracts/errors.ts";
import { Upload } from "../contracts/uploads.ts";
import { parseAnswer, type Sender } from "./sender.ts";

export type UploadRequest = {
  model: string;
  /** Its ending names the format: csv, parquet, json, ndjson, arrow. */
  filename: string;
  file: Blob;
  signal?: AbortSignal;
  /** Bytes sent and bytes in all; only where XMLHttpRequest exists, because fetch does not tell. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
};

/** Sends a file as the raw body. Throws `TeatreeError`: `unsupported_file`, `upload_too_large`, `upload_incomplete`, … */
export async function uploadFile(sender: Sender, request: UploadRequest): Promise<Upload> {
  const url = sender.url(ENDPOINTS.createUpload, {
    params: { model: request.model },
    query: { filename: request.filename },
  });
  const { status, text } =
    request.onProgress && typeof XMLHttpRequest !== "undefined"
      ? await sendWithProgress(url, sender.headers, request)
      : await sendWithFetch(url, sender.headers, request);
  const body = jsonOrNothing(text);
  if (status !== 201) throw TeatreeError.fromBody(body, status);
  return parseAnswer(Upload, body);
}

type Answer = { status: number; text: string };
const contentType = { "content-type": "application/octet-stream" };

async function sendWithFetch(
  url: string,
  headers: Record<string, string>,
  { file, signal }: UploadRequest,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...contentType, ...headers },
      body: file,
      ...(signal ? { signal } : {}),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw unreachable(cause);
  }
}

function sendWithProgress(
  url: string,
  headers: Record<string, string>,
  { file, signal, onProgress }: UploadRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries({ ...contentType, ...headers })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => onProgress?.(event.loaded, event.total);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () => reject(unreachable(undefined));
    request.onabort = () =>
      reject(signal?.reason ?? new DOMException("The upload was stopped.", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function unreachable(cause: unknown): TeatreeError {
  return new TeatreeError("unavailable", "The upload broke off. Is the server running?", { cause });
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
