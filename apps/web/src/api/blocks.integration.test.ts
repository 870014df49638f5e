import { createHash } from "node:crypto";
import { type FileHandle, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packKey } from "@teatree/shared/block-store/pack-name";
import { damageSlot } from "@teatree/shared/block-store/testing/damage";
import { type SnapshotFile, updateSnapshot } from "@teatree/shared/client/snapshot-update";
import { HEADER_BYTES, Manifest } from "@teatree/shared/contracts/versions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf } from "../testing/error-of.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, TEST_TOKEN, type TestWeb } from "../testing/test-web.ts";

const BLOCK = 16_384;

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

type Named = { id: string; name: string };
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const path = (model: Named, rest: string) => `/api/v1/models/${model.name}/${rest}`;
const manifestOf = async (model: Named, version: number) =>
  Manifest.parse(await web.api.getManifest({ params: { model: model.name, version } }));
const download = async (model: Named, version: number) =>
  bytesOf(await web.send(path(model, `versions/${version}/snapshot`)));
const post = (model: Named, hashes: string[]) =>
  web.send(path(model, "blocks"), { method: "POST", body: JSON.stringify({ hashes }) });
const packPath = (pack: Parameters<typeof packKey>[0]) =>
  web.context.store.localPath?.(packKey(pack)) ?? "the object store is a folder";

/** Bytes that do not compress, the same for the same seed. */
function noise(bytes: number, seed: number): Buffer {
  const made = Buffer.alloc(bytes);
  let state = seed + 1;
  for (let at = 0; at + 4 <= bytes; at += 4) {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 374_761_393) >>> 0;
    made.writeUInt32LE(state, at);
  }
  return made;
}

/** How often a list of blocks is looked at, by the pack it stands in. */
async function listsRead(act: () => Promise<unknown>): Promise<number> {
  const { blocks } = web.context;
  const { version } = blocks;
  let read = 0;
  blocks.version = (name) => {
    read += 1;
    return version(name);
  };
  await act().finally(() => {
    blocks.version = version;
  });
  return read;
}

describe("a block", () => {
  let model: Named;
  let manifest: Manifest;
  let snapshot: Buffer;
  beforeAll(async () => {
    model = await makeModel(web);
    snapshot = (await publishVersion(web, model)).bytes;
    await publishVersion(web, model);
    manifest = await manifestOf(model, 1);
  });

  test("comes by its hash, is cached for ever and not sent twice", async () => {
    const hash = manifest.blocks[2] ?? "";
    const response = await web.send(path(model, `blocks/${hash}`));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": String(BLOCK),
      "cache-control": expect.stringContaining("immutable"),
      etag: `"${hash}"`,
    });
    const bytes = await bytesOf(response);
    expect(bytes.equals(snapshot.subarray(HEADER_BYTES + 2 * BLOCK, HEADER_BYTES + 3 * BLOCK))).toBe(true);
    const again = await web.send(path(model, `blocks/${hash}`), {
      headers: { "if-none-match": `"${hash}"` },
    });
    expect(again.status).toBe(304);
    const part = await web.send(path(model, `blocks/${hash}`), { headers: { range: "bytes=5-9" } });
    expect((await bytesOf(part)).equals(bytes.subarray(5, 10))).toBe(true);
  });

  test("may be the header, and the last one is as short as it is", async () => {
    const header = await bytesOf(await web.send(path(model, `blocks/${manifest.header}`)));
    expect(header.equals(snapshot.subarray(0, HEADER_BYTES))).toBe(true);
    const last = await bytesOf(await web.send(path(model, `blocks/${manifest.blocks.at(-1)}`)));
    expect(last.equals(snapshot.subarray(HEADER_BYTES + 5 * BLOCK))).toBe(true);
  });

  test("of no version is 404, and so is one of another model only", async () => {
    const other = await makeModel(web);
    await publishVersion(web, other, undefined, { bytes: noise(50_000, 99), blockSize: BLOCK });
    const foreign = await manifestOf(other, 1);
    for (const hash of ["0".repeat(64), foreign.blocks[0] ?? "", foreign.header]) {
      const error = await errorOf(await web.send(path(model, `blocks/${hash}`)));
      expect(error).toMatchObject({ status: 404, code: "block_not_found", details: { hash } });
    }
    const error = await errorOf(await web.send(path(model, "blocks/nonsense")));
    expect(error).toMatchObject({ status: 400, code: "invalid_arguments" });
  });

  test("come many at once, in the order asked, with nothing between them", async () => {
    const newer = await manifestOf(model, 2);
    const at = (index: number) => snapshot.subarray(HEADER_BYTES + index * BLOCK).subarray(0, BLOCK);
    const hashes = [
      manifest.blocks[5],
      manifest.blocks[0],
      newer.header,
      manifest.header,
      manifest.blocks[3],
    ];
    const response = await post(
      model,
      hashes.map((hash) => hash ?? ""),
    );
    const latest = await download(model, 2);
    const expected = Buffer.concat([
      at(5),
      at(0),
      latest.subarray(0, HEADER_BYTES),
      snapshot.subarray(0, HEADER_BYTES),
      at(3),
    ]);
    expect(response.headers.get("content-length")).toBe(String(expected.length));
    expect((await bytesOf(response)).equals(expected)).toBe(true);
  });

  test("an unknown one among many is named, and nothing is sent", async () => {
    const hash = "f".repeat(64);
    const error = await errorOf(await post(model, [manifest.header, hash]));
    expect(error).toMatchObject({ status: 404, code: "block_not_found", details: { hash } });
    expect(await errorOf(await post(model, []))).toMatchObject({ status: 400 });
    expect(await errorOf(await post(model, Array(4_097).fill(manifest.header)))).toMatchObject({
      status: 400,
    });
  });

  test("a download of blocks leaves a line in the audit", async () => {
    await bytesOf(await post(model, [manifest.header]));
    const { rows } = await web.pool.query(
      "SELECT target FROM audit WHERE action = 'download' AND model_id = $1 ORDER BY at DESC LIMIT 1",
      [model.id],
    );
    expect(rows).toEqual([{ target: "1 blocks" }]);
  });

  test("that is unknown makes each list be read once, not at every question", async () => {
    const unknown = (seed: number) => sha256(Buffer.from(`unknown ${seed}`));
    await errorOf(await post(model, [unknown(1)]));
    expect(await listsRead(async () => errorOf(await post(model, [unknown(1), unknown(2)])))).toBe(0);
    await publishVersion(web, model);
    expect(await listsRead(async () => errorOf(await post(model, [unknown(3)])))).toBe(1);
  });

  test("of a version that was removed is gone, unless another has it, too", async () => {
    const first = manifest.blocks[0] ?? "";
    const second = manifest.blocks[2] ?? "";
    expect((await post(model, [first, second])).status).toBe(200);
    await web.pool.query("UPDATE model_version SET removed_at = now() WHERE model_id = $1 AND version = 1", [
      model.id,
    ]);
    expect((await post(model, [first])).status).toBe(200);
    expect(await errorOf(await post(model, [second]))).toMatchObject({ code: "block_not_found" });
  });
});

describe("a damaged block", () => {
  async function published() {
    const model = await makeModel(web);
    const bytes = noise(HEADER_BYTES + 40 * 262_144, 3);
    const version = await publishVersion(web, model, undefined, { bytes, blockSize: 262_144 });
    return { model, bytes, pack: packPath(version.pack), file: join(web.versionsDirectory, version.file) };
  }

  test("is taken from the version's own file while that is there", async () => {
    const { model, bytes, pack } = await published();
    await damageSlot(pack, 0);
    await damageSlot(pack, 20);
    expect((await download(model, 1)).equals(bytes)).toBe(true);
    const { blocks } = await manifestOf(model, 1);
    const block = await bytesOf(await web.send(path(model, `blocks/${blocks[19]}`)));
    expect(sha256(block)).toBe(blocks[19]);
  });

  test("before the first byte is an answer that says so", async () => {
    const { model, pack, file } = await published();
    await rm(file);
    await damageSlot(pack, 0);
    const error = await errorOf(await web.send(path(model, "versions/1/snapshot")));
    expect(error).toMatchObject({ status: 500, code: "block_damaged" });
    const { header } = await manifestOf(model, 1);
    expect(await errorOf(await post(model, [header]))).toMatchObject({ code: "block_damaged" });
  });

  test("later breaks the connection, and every byte before it is right", async () => {
    const { model, bytes, pack, file } = await published();
    await rm(file);
    await damageSlot(pack, 30);
    const response = await web.send(path(model, "versions/1/snapshot"));
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    const got: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of response.body ?? []) got.push(chunk);
    })();
    await expect(reading).rejects.toThrow();
    const received = Buffer.concat(got);
    expect(received.length).toBeLessThan(HEADER_BYTES + 30 * 262_144);
    expect(received.equals(bytes.subarray(0, received.length))).toBe(true);
    // What lies before or behind it can still be had.
    const part = await web.send(path(model, "versions/1/snapshot"), { headers: { range: "bytes=-262144" } });
    expect((await bytesOf(part)).equals(bytes.subarray(-262_144))).toBe(true);
  });

  test("a missing pack is told, also by the manifest", async () => {
    const { model, pack } = await published();
    await rm(pack);
    for (const rest of ["versions/1/snapshot", "versions/1/manifest"]) {
      expect(await errorOf(await web.send(path(model, rest)))).toMatchObject({
        status: 500,
        code: "block_damaged",
      });
    }
  });
});

test("who hangs up is read for no longer", async () => {
  const model = await makeModel(web);
  const size = HEADER_BYTES + 200 * 262_144;
  await publishVersion(web, model, undefined, { bytes: noise(size, 5), blockSize: 262_144 });
  const { blocks } = web.context;
  const { read } = blocks;
  let given = 0;
  const ended = new Promise<void>((resolve) => {
    blocks.read = async function* (...args) {
      try {
        for await (const block of read(...args)) {
          given += 1;
          yield block;
        }
      } finally {
        resolve();
      }
    };
  });
  const headers = { authorization: `Bearer ${TEST_TOKEN}` };
  const asking = request(`${web.url}${path(model, "versions/1/snapshot")}`, { headers });
  asking.on("response", (answer) => answer.once("data", () => asking.destroy()));
  asking.on("error", () => undefined);
  asking.end();
  await ended;
  blocks.read = read;
  expect(given).toBeLessThan(100);
});

describe("an update by difference", () => {
  const VERSIONS = 24;
  let model: Named;
  let folder: string;
  beforeAll(async () => {
    model = await makeModel(web);
    folder = await mkdtemp(join(tmpdir(), "teatree-update-"));
    const blocks = Array.from({ length: 60 }, (_, index) => noise(BLOCK, index));
    for (let version = 1; version <= VERSIONS; version += 1) {
      for (const index of [version % 7, (version * 13) % 60])
        blocks[index] = noise(BLOCK, version * 1_000 + index);
      if (version % 5 === 0) blocks[version] = Buffer.alloc(BLOCK);
      // Grows, and shrinks now and then; the last block is cut short, and two are equal.
      blocks.push(noise(BLOCK, version + 500), noise(BLOCK, 7));
      if (version % 8 === 0) blocks.length -= 12;
      const bytes = Buffer.concat([noise(HEADER_BYTES, version), ...blocks]).subarray(0, -version);
      await publishVersion(web, model, undefined, { bytes, blockSize: BLOCK });
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function snapshotFile(handle: FileHandle): SnapshotFile {
    return {
      async read(offset, length) {
        const bytes = Buffer.alloc(length);
        const { bytesRead } = await handle.read(bytes, 0, length, offset);
        if (bytesRead !== length) throw new Error("the file ends before");
        return bytes;
      },
      async write(offset, bytes) {
        await handle.write(bytes, 0, bytes.length, offset);
      },
      resize: (bytes) => handle.truncate(bytes),
    };
  }

  async function update(file: string, from: number, to: number | "latest") {
    const handle = await open(file, "r+");
    try {
      return await updateSnapshot({ api: web.api, model: model.name, from, to, file: snapshotFile(handle) });
    } finally {
      await handle.close();
    }
  }

  test.each([
    [VERSIONS - 20, VERSIONS],
    [VERSIONS, VERSIONS - 20],
    [7, 8],
    [8, 9],
    [5, 5],
  ])("from version %i to %i gives the very file, for little more than what changed", async (from, to) => {
    const file = join(folder, `${from}-${to}.duckdb`);
    await writeFile(file, await download(model, from));
    const updated = await update(file, from, to);
    const fresh = await download(model, to);
    expect((await readFile(file)).equals(fresh)).toBe(true);
    expect(updated).toMatchObject({ version: to, hash: (await manifestOf(model, to)).hash });
    expect(updated.fileBytes).toBe(fresh.length);
    expect(updated.movedBytes).toBeLessThanOrEqual(1.2 * updated.changedBytes);
    expect(updated.changedBytes).toBeLessThan(0.9 * fresh.length);
  });

  test("of a file that is not what it was said to be is refused", async () => {
    const file = join(folder, "wrong.duckdb");
    const bytes = await download(model, 4);
    bytes.writeUInt8(bytes.readUInt8(HEADER_BYTES + 30 * BLOCK) ^ 1, HEADER_BYTES + 30 * BLOCK);
    await writeFile(file, bytes);
    await expect(update(file, 4, 6)).rejects.toMatchObject({ code: "block_damaged" });
  });

  test("may start again after it broke off", async () => {
    const file = join(folder, "broken.duckdb");
    await writeFile(file, await download(model, 3));
    const handle = await open(file, "r+");
    let writes = 0;
    const failing: SnapshotFile = {
      ...snapshotFile(handle),
      write: async (offset, bytes) => {
        writes += 1;
        if (writes > 4) throw new Error("the disk is full");
        await handle.write(bytes, 0, bytes.length, offset);
      },
    };
    const broken = updateSnapshot({ api: web.api, model: model.name, from: 3, to: 20, file: failing });
    await expect(broken).rejects.toThrow("the disk is full");
    await handle.close();
    await update(file, 3, "latest");
    expect((await readFile(file)).equals(await download(model, VERSIONS))).toBe(true);
  });
});
