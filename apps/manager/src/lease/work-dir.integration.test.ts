import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { VersionFile } from "@teatree/shared/contracts/manager-api";
import { createLogger } from "@teatree/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ownIdentity } from "./process-identity.ts";
import {
  type PublishedFile,
  prepareWorkDir,
  putAside,
  startOver,
  sweepWorkDirs,
  type WriteVersion,
} from "./work-dir.ts";
import { noteWriter } from "./writer-lock.ts";

const logger = createLogger("test", "silent");
const living = ownIdentity();
const dead = { ...living, startedAt: "never" };
let home: string;
let modelDir: string;
let published: PublishedFile;
/** Stands for the publisher: what versions are made of is its affair. */
const write: WriteVersion = (file, path) => writeFile(path, `bytes of ${file}`);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-work-"));
  modelDir = join(home, "work");
  const file = VersionFile.parse("0198b5a0-0000-7000-8000-000000000001/v1-e1.duckdb");
  published = { version: 1, epoch: 1, file };
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
  const dir = await prepareWorkDir(modelDir, 5, published, write, logger);
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
  const dir = await prepareWorkDir(modelDir, 5, published, write, logger);
  expect(dir.origin).toBe("cloned");
  expect(await readFile(dir.liveFile, "utf8")).toBe(`bytes of ${published.file}`);
  expect(await readFile(join(old, "model.duckdb"), "utf8")).toBe("ahead");
});

test("a version that cannot be made from its blocks is refused", async () => {
  const damaged = () => Promise.reject(new TeatreeError("block_damaged", "A block is damaged."));
  await expect(prepareWorkDir(modelDir, 5, published, damaged, logger)).rejects.toThrow("is damaged");
  expect(await readdir(modelDir)).toEqual(["e5.building"]);
});

test("an unreadable folder is put aside and only the last such is kept", async () => {
  await mkdir(modelDir, { recursive: true });
  for (const epoch of [5, 6]) await putAside(modelDir, await startOver(modelDir, epoch, published, write));
  expect(await readdir(modelDir)).toEqual(["e6.unreadable"]);
});

test("folders of earlier epochs are swept, finished or not", async () => {
  await oldFolder(3, living, living);
  await mkdir(join(modelDir, "e4.building"));
  const dir = await prepareWorkDir(modelDir, 5, null, write, logger);
  expect(dir.origin).toBe("fresh");
  await sweepWorkDirs(modelDir, 5);
  expect(await readdir(modelDir)).toEqual(["e5"]);
});
