import { rm } from "node:fs/promises";
import { join } from "node:path";
import { HEADER_BYTES, Manifest } from "@teatree/shared/contracts/versions";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

const BLOCK = 16_384;
const VERSIONS = 40;

let web: TestWeb;
let model: { id: string; name: string };
const files: string[] = [];
/** Of each version: its header and the one block that only it has. */
const own: { hashes: string[]; bytes: Buffer }[] = [];

beforeAll(async () => {
  web = await startTestWeb();
  model = await makeModel(web);
  for (let version = 1; version <= VERSIONS; version += 1) {
    const bytes = Buffer.alloc(HEADER_BYTES + 3 * BLOCK, version);
    bytes.fill(200, HEADER_BYTES + BLOCK);
    const { file } = await publishVersion(web, model, undefined, { bytes, blockSize: BLOCK });
    files.push(join(web.versionsDirectory, file));
    const manifest = Manifest.parse(await web.api.getManifest({ params: { model: model.name, version } }));
    const hashes = [manifest.blocks[0] ?? "", manifest.header];
    own.push({
      hashes,
      bytes: Buffer.concat([
        bytes.subarray(HEADER_BYTES, HEADER_BYTES + BLOCK),
        bytes.subarray(0, HEADER_BYTES),
      ]),
    });
  }
});
afterAll(() => web.stop());

test("blocks of many old versions, asked for in any order, cost one look at each list", async () => {
  const asked = [...own, ...own.toReversed(), ...own.slice(5)];
  const { blocks } = web.context;
  const { version } = blocks;
  const read = async () =>
    web.api.getBlocks(
      model.name,
      asked.flatMap(({ hashes }) => hashes),
    );
  await read();
  let lists = 0;
  blocks.version = (name) => {
    lists += 1;
    return version(name);
  };
  const bytes = await read().finally(() => {
    blocks.version = version;
  });
  expect(Buffer.concat(asked.map((each) => each.bytes)).equals(bytes)).toBe(true);
  expect(lists).toBe(VERSIONS);
});

test("each is repaired from the file of the version it was found in", async () => {
  const packs = web.context.store.localPath?.(`models/${model.id}/packs`) ?? "the object store is a folder";
  const [first, , third] = own;
  if (!first || !third) throw new Error("not published");
  const asked = [...first.hashes, ...third.hashes];
  // The lists are remembered; the packs of both versions are not there any more.
  await web.api.getBlocks(model.name, asked);
  const rows = await web.pool.query("SELECT version, pack FROM model_version WHERE version IN (1, 3)");
  for (const { pack } of rows.rows) await rm(join(packs, String(pack).split("/").at(-1) ?? ""));
  const bytes = await web.api.getBlocks(model.name, asked);
  expect(Buffer.concat([first.bytes, third.bytes]).equals(bytes)).toBe(true);
  await rm(files[2] ?? "");
  await expect(web.api.getBlocks(model.name, third.hashes)).rejects.toMatchObject({ code: "block_damaged" });
});
