import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDirectoryStore } from "./directory-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { itKeepsTheStoreContract, listed } from "./testing/store-contract.ts";

let root = "";
let store: ObjectStore;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "teatree-test-objects-"));
  store = await openDirectoryStore(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("the directory driver", () => {
  itKeepsTheStoreContract(() => store);

  test("says where an object lies", async () => {
    await store.put("models/m/uploads/u", Readable.from([Buffer.from("here")]));
    expect(await readFile(store.localPath?.("models/m/uploads/u") ?? "", "utf8")).toBe("here");
  });

  test("shows nothing of an object that is still being written", async () => {
    const source = new Readable({ read() {} });
    const putting = store.put("models/slow/object", source);
    source.push("half");
    expect(await store.head("models/slow/object")).toBeNull();
    expect(await listed(store, "models/slow")).toEqual([]);
    source.push(null);
    await putting;
    expect(await store.head("models/slow/object")).toEqual({ bytes: 4 });
  });

  test("cleans away at start what a killed process left long ago, and nothing younger", async () => {
    const unfinished = join(root, ".unfinished");
    await writeFile(join(unfinished, "old"), "x");
    await utimes(join(unfinished, "old"), new Date(0), new Date(0));
    await writeFile(join(unfinished, "young"), "x");
    await openDirectoryStore(root);
    expect(await readdir(unfinished)).toEqual(["young"]);
    await rm(join(unfinished, "young"));
  });

  test("refuses an object where a folder is, and a folder where an object is", async () => {
    const refused = { code: "invalid_arguments" };
    await store.put("a/b", Buffer.from("x"));
    await expect(store.put("a", Buffer.from("x"))).rejects.toMatchObject(refused);
    await expect(store.put("a/b/c", Buffer.from("x"))).rejects.toMatchObject(refused);
    await expect(store.get("a")).rejects.toMatchObject({ code: "not_found" });
  });

  test("says so when its directory is gone", async () => {
    const gone = await mkdtemp(join(tmpdir(), "teatree-test-gone-"));
    const lost = await openDirectoryStore(gone);
    await rm(gone, { recursive: true });
    await expect(lost.check()).rejects.toMatchObject({ code: "unavailable" });
  });
});
