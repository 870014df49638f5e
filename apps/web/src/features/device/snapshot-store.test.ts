import { TeatreeError } from "@teatree/shared/contracts/errors";
import { describe, expect, test } from "vitest";
import { readDownload } from "./read-download.ts";
import { fileName, versionOf } from "./snapshot-store.ts";

const modelId = "0190a3c4-5b6d-7e8f-9012-3456789abcde";
const answer =
  (body: BodyInit, status = 200) =>
  async () =>
    new Response(body, { status });
const collect = async (totalBytes: number, fetch: typeof globalThis.fetch) => {
  const sizes: number[] = [];
  let received = 0;
  await readDownload("/x", {
    totalBytes,
    fetch,
    signal: new AbortController().signal,
    onBytes: (bytes) => {
      sizes.push(bytes.size);
    },
    onProgress: ({ receivedBytes }) => {
      received = receivedBytes;
    },
  });
  return { sizes, received };
};

describe("snapshots on this device", () => {
  test("a file's name says model, version and hash, and is read back", () => {
    const name = fileName({ modelId, version: 12, hash: "ab".repeat(32) });
    expect(name).toBe(`${modelId}-v12-abababababababab.duckdb`);
    expect(versionOf(name, modelId)).toBe(12);
    expect(versionOf(name, "0190a3c4-5b6d-7e8f-9012-3456789abcdf")).toBeNull();
    expect(versionOf(`${modelId}-v12.duckdb`, modelId)).toBeNull();
  });

  test("a whole download is handed on piece by piece", async () => {
    const { sizes, received } = await collect(5, answer("hello"));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(5);
    expect(received).toBe(5);
  });

  test("a download that stops early is an error, not a short file", async () => {
    await expect(collect(9, answer("hello"))).rejects.toThrow("stopped after 5 of 9 bytes");
  });

  test("the server's own error comes through", async () => {
    const body = JSON.stringify({
      error: { code: "version_not_found", message: "No version 9.", details: {} },
    });
    await expect(collect(9, answer(body, 404))).rejects.toEqual(
      new TeatreeError("version_not_found", "No version 9."),
    );
  });
});
