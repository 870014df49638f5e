import { TeatreeError } from "@teatree/shared/contracts/errors";

export type Transfer = { receivedBytes: number; totalBytes: number };

const WRITE_BYTES = 4 * 1024 * 1024;
const REPORT_MS = 100;

/**
 * Reads a snapshot's bytes and hands them on piece by piece.
 * @throws TeatreeError with the server's code, or `unavailable` when it stops before the last byte
 */
export async function readDownload(
  url: string,
  options: {
    totalBytes: number;
    signal: AbortSignal;
    onBytes: (bytes: Blob) => Promise<void> | void;
    onProgress: (transfer: Transfer) => void;
    fetch?: typeof globalThis.fetch;
  },
): Promise<void> {
  const fetch = options.fetch ?? globalThis.fetch;
  const response = await fetch(url, { signal: options.signal });
  if (!response.ok || !response.body) {
    throw TeatreeError.fromBody(await response.json().catch(() => undefined), response.status);
  }
  let receivedBytes = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let waitingBytes = 0;
  const handOn = async () => {
    const blob = new Blob(waiting);
    waiting = [];
    waitingBytes = 0;
    await options.onBytes(blob);
  };
  for await (const bytes of piecesOf(response.body)) {
    receivedBytes += bytes.byteLength;
    waitingBytes += bytes.byteLength;
    waiting.push(bytes);
    // Each write crosses into the browser's file process: many small ones take ten times as long as the network.
    if (waitingBytes >= WRITE_BYTES) await handOn();
    const now = performance.now();
    if (now - reportedAt < REPORT_MS) continue;
    reportedAt = now;
    options.onProgress({ receivedBytes, totalBytes: options.totalBytes });
  }
  if (waitingBytes > 0) await handOn();
  if (receivedBytes !== options.totalBytes) {
    throw new TeatreeError(
      "unavailable",
      `The download stopped after ${receivedBytes} of ${options.totalBytes} bytes. Run the cell again.`,
    );
  }
}

/** ReadableStream is not iterable in every browser yet. */
async function* piecesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
