import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { ListedObject, ObjectStore } from "../object-store.ts";

const MIB = 1024 * 1024;
/** More than two parts of an S3 upload. */
const LARGE_BYTES = 17 * MIB + 3;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const newKey = () => `models/${randomUUID()}/object.bin`;
const text = (value: string) => new TextEncoder().encode(value);

function streamOf(bytes: Uint8Array): Readable {
  const step = 100_000;
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    })(),
    { objectMode: false },
  );
}

function breakingStream(bytes: Uint8Array): Readable {
  return Readable.from(
    (async function* () {
      yield* streamOf(bytes);
      throw new Error("the client went away");
    })(),
    { objectMode: false },
  );
}

/** Everything that is listed, in the order it came. */
export async function listed(store: ObjectStore, prefix: string): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

async function read(store: ObjectStore, key: string, range?: { start: number; end?: number }) {
  const { stream, bytes } = await store.get(key, range);
  const content = await buffer(stream);
  expect(content.length).toBe(bytes);
  return content;
}

/**
 * What every object store must do. `store` gives the one under test; call it inside a `describe`.
 * `looksBeforeItWrites`: the server behind it lets several creators win that come at once, as OpenStack Swift does
 * (AWS promises one); keys that several could create at once carry an epoch for that reason.
 */
export function itKeepsTheStoreContract(
  store: () => ObjectStore,
  { looksBeforeItWrites = false }: { looksBeforeItWrites?: boolean } = {},
): void {
  const sizes = [
    ["nothing", new Uint8Array()],
    ["a few bytes", text("teatree")],
    ["one part of an upload, exactly", randomBytes(8 * MIB)],
    ["several parts", randomBytes(LARGE_BYTES)],
  ] as const;

  test.each(sizes)("%s comes back as it was put", async (_name, content) => {
    const key = newKey();
    const stored = await store().put(key, streamOf(content));
    expect(stored).toEqual({ bytes: content.length, sha256: sha256(content), created: true });
    expect(await store().head(key)).toEqual({ bytes: content.length });
    expect(sha256(await read(store(), key))).toBe(sha256(content));
  });

  test("bytes in memory and files are put like streams", async () => {
    const content = randomBytes(300_000);
    const folder = await mkdtemp(join(tmpdir(), "teatree-test-put-"));
    const path = join(folder, "file");
    await writeFile(path, content);
    const [memory, file] = [newKey(), newKey()];
    expect(await store().put(memory, content)).toMatchObject({ sha256: sha256(content), created: true });
    expect(await store().putFile(file, path)).toMatchObject({ sha256: sha256(content), created: true });
    await rm(folder, { recursive: true });
    expect((await read(store(), memory)).equals(await read(store(), file))).toBe(true);
  });

  test("a later object replaces an earlier one under its key", async () => {
    const key = newKey();
    await store().put(key, text("one"));
    expect(await store().put(key, text("two"))).toMatchObject({ created: true });
    expect((await read(store(), key)).toString()).toBe("two");
  });

  test.each([
    ["small", text("second"), text("first")],
    ["large", randomBytes(LARGE_BYTES), text("first")],
  ])("create-if-absent leaves an object that is there: %s", async (_name, second, first) => {
    const key = newKey();
    expect(await store().put(key, first, { ifAbsent: true })).toMatchObject({ created: true });
    expect(await store().put(key, streamOf(second), { ifAbsent: true })).toMatchObject({ created: false });
    expect((await read(store(), key)).equals(first)).toBe(true);
  });

  test("of several that create at once the bytes of a winner are there", async () => {
    const key = newKey();
    const contents = Array.from({ length: 6 }, (_, index) => text(`writer ${index}`));
    const all = await Promise.all(
      contents.map((content) =>
        store()
          .put(key, content, { ifAbsent: true })
          .catch(() => null),
      ),
    );
    const winners = contents.filter((_, index) => all[index]?.created === true);
    if (!looksBeforeItWrites) expect(winners).toHaveLength(1);
    const stored = await read(store(), key);
    expect(winners.some((content) => stored.equals(content))).toBe(true);
  });

  test.each([
    ["soon", 1_000],
    ["late", LARGE_BYTES],
  ])("a source that breaks off %s leaves nothing", async (_name, bytes) => {
    const key = newKey();
    await expect(store().put(key, breakingStream(randomBytes(bytes)))).rejects.toThrow();
    expect(await store().head(key)).toBeNull();
  });

  test("a source that breaks off leaves the earlier object as it was", async () => {
    const key = newKey();
    await store().put(key, text("whole"));
    await expect(store().put(key, breakingStream(randomBytes(50_000)))).rejects.toThrow();
    expect((await read(store(), key)).toString()).toBe("whole");
  });

  const lies = [
    ["too few bytes", { bytes: 1_001 }, 1_000],
    ["too many bytes", { bytes: 999 }, 1_000],
    ["too few bytes in several parts", { bytes: LARGE_BYTES + 1 }, LARGE_BYTES],
    ["another hash", { sha256: "0".repeat(64) }, 1_000],
    ["another hash in several parts", { sha256: "0".repeat(64) }, LARGE_BYTES],
  ] as const;

  test.each(lies)("%s than declared: refused, and nothing is there", async (_name, declared, bytes) => {
    const key = newKey();
    const putting = store().put(key, streamOf(randomBytes(bytes)), declared);
    await expect(putting).rejects.toMatchObject({ code: "upload_incomplete" });
    expect(await store().head(key)).toBeNull();
  });

  test("what was declared rightly is taken", async () => {
    const content = randomBytes(LARGE_BYTES);
    const declared = { bytes: content.length, sha256: sha256(content) };
    expect(await store().put(newKey(), streamOf(content), declared)).toEqual({ ...declared, created: true });
  });

  test("ranges give the bytes from the first to the last, both included", async () => {
    const key = newKey();
    await store().put(key, text("0123456789"));
    const part = async (range: { start: number; end?: number }) =>
      (await read(store(), key, range)).toString();
    expect(await part({ start: 2, end: 4 })).toBe("234");
    expect(await part({ start: 7 })).toBe("789");
    expect(await part({ start: 9, end: 9 })).toBe("9");
    expect(await part({ start: 8, end: 100 })).toBe("89");
  });

  test.each([{ start: 10 }, { start: 11, end: 12 }, { start: -1 }, { start: 5, end: 4 }, { start: 0.5 }])(
    "range %o of ten bytes is refused",
    async (range) => {
      const key = newKey();
      await store().put(key, text("0123456789"));
      await expect(store().get(key, range)).rejects.toMatchObject({ code: "range_not_satisfiable" });
    },
  );

  test("an object that is not there is not found, and removing it is no error", async () => {
    const key = newKey();
    await expect(store().get(key)).rejects.toMatchObject({ code: "not_found" });
    await expect(store().get(key, { start: 0, end: 1 })).rejects.toMatchObject({ code: "not_found" });
    expect(await store().head(key)).toBeNull();
    await store().remove(key);
  });

  test("a removed object is gone", async () => {
    const key = newKey();
    await store().put(key, text("short-lived"));
    await store().remove(key);
    expect(await store().head(key)).toBeNull();
  });

  test("listing gives exactly what begins with the prefix", async () => {
    const root = `models/${randomUUID()}`;
    const keys = [`${root}/archive/e1/v1/a.parquet`, `${root}/archive/e1/v2/a.parquet`, `${root}/uploads/x`];
    for (const key of keys) await store().put(key, text(key));
    const list = async (prefix: string) => (await listed(store(), prefix)).map(({ key }) => key).sort();
    expect(await list(`${root}/`)).toEqual(keys);
    expect(await list(`${root}/archive/`)).toEqual(keys.slice(0, 2));
    expect(await list(`${root}/archive/e1/v`)).toEqual(keys.slice(0, 2));
    expect(await list(`${root}/none`)).toEqual([]);
    const [upload] = await listed(store(), `${root}/uploads/`);
    expect(upload).toEqual({ key: keys[2], bytes: keys[2]?.length });
  });

  test("a listing of many gives each object once", async () => {
    const root = `models/${randomUUID()}`;
    const keys = Array.from({ length: 13 }, (_, index) => `${root}/${String(index).padStart(3, "0")}`);
    for (const key of keys) await store().put(key, text("x"));
    expect((await listed(store(), `${root}/`)).map(({ key }) => key).sort()).toEqual(keys);
  });

  test.each([
    "",
    "/absolute",
    "../outside",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    ".hidden/x",
    "a\\b",
    "a\0b",
    "naïve",
    "a".repeat(201),
  ])("key %j is refused by every call", async (key) => {
    const refused = { code: "invalid_arguments" };
    await expect(store().put(key, text("x"))).rejects.toMatchObject(refused);
    await expect(store().get(key)).rejects.toMatchObject(refused);
    await expect(store().head(key)).rejects.toMatchObject(refused);
    await expect(store().remove(key)).rejects.toMatchObject(refused);
  });

  test("plain but unusual characters in a key are kept apart", async () => {
    const root = `models/${randomUUID()}`;
    const keys = ["a%20b", "a+b", "a=b", "(a),@b"];
    for (const name of keys) await store().put(`${root}/${name}`, text(name));
    for (const name of keys) expect((await read(store(), `${root}/${name}`)).toString()).toBe(name);
  });

  test("the store says that it can be used", async () => {
    await expect(store().check()).resolves.toBeUndefined();
  });
}
