import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelId } from "../contracts/ids.ts";
import { HEADER_BYTES } from "../contracts/versions.ts";
import { openDirectoryStore } from "../object-store/directory-store.ts";
import { openBlockStore } from "./block-store.ts";
import { type PackPlaces, packPlaces } from "./pack-places.ts";
import { packFile } from "./testing/pack-file.ts";

const BLOCK = 65_536;
const name = { model: ModelId.parse("0198b5a0-0000-7000-8000-000000000001"), version: 1, epoch: 1 };
let home: string;
let places: PackPlaces;
/** How often a pack was opened to read blocks from it. */
let reads = 0;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "teatree-runs-"));
  const real = packPlaces(await openDirectoryStore(join(home, "objects")), join(home, "versions"));
  places = {
    ...real,
    async *copies(pack) {
      reads += 1;
      yield* real.copies(pack);
    },
  };
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Blocks that shrink to a hundredth: each is zero bytes but for its number. */
function almostNothing(count: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + count * BLOCK);
  for (let index = 0; index < count; index += 1) bytes.writeUInt32LE(index + 1, HEADER_BYTES + index * BLOCK);
  return bytes;
}

test.each([
  ["that shrink to almost nothing", true],
  ["kept as they are", false],
])(
  "blocks %s are read in pieces of at most 2 MB, so that a slow reader holds little",
  async (_, compress) => {
    const { list } = await packFile(places, name, almostNothing(320), { blockSize: BLOCK, compress });
    const store = openBlockStore(places);
    await store.version(name);
    reads = 0;
    let bytes = 0;
    for await (const block of store.read(list, list.blocks.keys())) bytes += block.bytes.length;
    expect(bytes).toBe(320 * BLOCK);
    expect(reads).toBe(320 / 32);
  },
);
