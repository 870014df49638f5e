import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashFile } from "../publish/capture.ts";
import { rootHash } from "../publish/manifest.ts";
import { ownIdentity } from "./process-identity.ts";
import { type PublishedFile, prepareWorkDir, putAside, startOver, sweepWorkDirs } from "./work-dir.ts";
import { noteWriter } from "./writer-lock.ts";

const logger = createLogger("test", "silent");
const living = ownIdentity();
const dead = { ...living, startedAt: "never" };
let home: string;
let modelDir: string;
let published: PublishedFile;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-work-"));
  modelDir = join(home, "work");
  const path = join(home, "v1-e1.duckdb");
  await writeFile(path, Buffer.alloc(200_000, 5));
  published = { version: 1, epoch: 1, path, hash: rootHash(await hashFile(path, 65_536)) };
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function oldFolder(
  epoch: number,
  manager: typeof living,
  writer: typeof living | null,
): Promise<string> {
  const folder = join(modelDir, `e${epoch}`);
  await mkdir(join(folder, "staging"), { recursive: true });
  await writeFile(join(folder, "model.duckdb"), "ahead");
  await writeFile(join(folder, "staging", "left"), "over");
  await noteWriter(folder, { manager, writer });
  return folder;
}

test("the folder of a dead manager and its dead writer is taken over, without what lay in staging", async () => {
  await oldFolder(4, dead, dead);
  const dir = await prepareWorkDir(modelDir, 5, published, logger);
  expect(dir.origin).toBe("adopted");
  expect(await readFile(dir.liveFile, "utf8")).toBe("ahead");
  expect(await readdir(modelDir)).toEqual(["e5"]);
  expect(await readdir(dir.stagingDir)).toEqual([]);
});

test.each([
  ["its manager lives", living, dead],
  ["nobody knows whether a writer was started", dead, null],
  ["its manager was on another machine", { ...dead, machine: "elsewhere" }, dead],
])("a folder is left alone and the version cloned when %s", async (_, manager, writer) => {
  const old = await oldFolder(4, manager, writer);
  const dir = await prepareWorkDir(modelDir, 5, published, logger);
  expect(dir.origin).toBe("cloned");
  expect(await readFile(dir.liveFile)).toEqual(await readFile(published.path));
  expect(await readFile(join(old, "model.duckdb"), "utf8")).toBe("ahead");
});

test("a version file that is not what was published is refused", async () => {
  await writeFile(published.path, Buffer.alloc(200_000, 6));
  await expect(prepareWorkDir(modelDir, 5, published, logger)).rejects.toThrow("not what was published");
  expect(await readdir(modelDir)).toEqual(["e5.building"]);
});

test("an unreadable folder is put aside and only the last such is kept", async () => {
  await mkdir(modelDir, { recursive: true });
  for (const epoch of [5, 6]) await putAside(modelDir, await startOver(modelDir, epoch, published));
  expect(await readdir(modelDir)).toEqual(["e6.unreadable"]);
});

test("folders of earlier epochs are swept, finished or not", async () => {
  await oldFolder(3, living, living);
  await mkdir(join(modelDir, "e4.building"));
  const dir = await prepareWorkDir(modelDir, 5, null, logger);
  expect(dir.origin).toBe("fresh");
  await sweepWorkDirs(modelDir, 5);
  expect(await readdir(modelDir)).toEqual(["e5"]);
});
