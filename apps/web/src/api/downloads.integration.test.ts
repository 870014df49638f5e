import { join } from "node:path";
import { ModelId } from "@teatree/shared/contracts/ids";
import { Manifest, ManifestDifference } from "@teatree/shared/contracts/versions";
import { addArchivePart } from "@teatree/shared/control-db/archive-parts";
import { contentOf } from "@teatree/shared/control-db/versions";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf } from "../testing/error-of.ts";
import { makeModel, publishVersion } from "../testing/fixtures.ts";
import { startTestWeb, type TestWeb } from "../testing/test-web.ts";

let web: TestWeb;
let model: { id: string; name: string };
let first: Awaited<ReturnType<typeof publishVersion>>;
let second: Awaited<ReturnType<typeof publishVersion>>;
beforeAll(async () => {
  web = await startTestWeb();
  model = await makeModel(web, "flights");
  first = await publishVersion(web, model);
  second = await publishVersion(web, model);
});
afterAll(() => web.stop());

const versions = "/api/v1/models/flights/versions";
const snapshot = (headers: Record<string, string> = {}, version: number | string = 1, method = "GET") =>
  web.send(`${versions}/${version}/snapshot`, { headers, method });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe("versions", () => {
  test("are listed newest first and page by cursor", async () => {
    const page = await web.api.listVersions({ params: { model: "flights" }, query: { limit: 1 } });
    expect(page.items.map(({ version }) => version)).toEqual([2]);
    const cursor = page.nextCursor ?? "";
    const next = await web.api.listVersions({ params: { model: "flights" }, query: { limit: 1, cursor } });
    expect(next).toMatchObject({ items: [{ version: 1, parent: null, hash: first.hash }], nextCursor: null });
  });

  test("latest is the current one", async () => {
    const latest = await web.api.getVersion({ params: { model: "flights", version: "latest" } });
    expect(latest).toMatchObject({
      version: 2,
      parent: 1,
      tables: [{ name: "flights", rows: 20, rowsDelta: 10 }],
    });
  });

  test.each(["99", "0", "x", "1.5"])("version %s is refused", async (version) => {
    const error = await errorOf(await web.send(`${versions}/${version}`));
    expect(error.code).toBe(version === "99" ? "version_not_found" : "invalid_arguments");
  });

  test("a model without versions says so", async () => {
    const empty = await makeModel(web);
    const error = await errorOf(await web.send(`/api/v1/models/${empty.name}/versions/latest`));
    expect(error).toMatchObject({ status: 404, code: "version_not_found" });
    expect(error.message).toContain("no version yet");
  });
});

describe("a snapshot", () => {
  test("comes whole, named, and cached for ever", async () => {
    const response = await snapshot();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-length": String(first.bytes.length),
      "content-type": "application/vnd.duckdb",
      "accept-ranges": "bytes",
      etag: `"${first.hash}"`,
      "content-disposition": 'attachment; filename="flights-v1.duckdb"',
      "cache-control": expect.stringContaining("immutable"),
      "x-content-type-options": "nosniff",
    });
    expect(first.bytes.equals(await bytesOf(response))).toBe(true);
  });

  test.each([
    ["bytes=0-99", 0, 99],
    ["bytes=99900-", 99_900, 99_999],
    ["bytes=-100", 99_900, 99_999],
    ["bytes=500-999999", 500, 99_999],
    ["bytes=0-", 0, 99_999],
  ])("answers %s with just these bytes", async (range, start, end) => {
    const response = await snapshot({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end}/100000`);
    expect(response.headers.get("content-length")).toBe(String(end - start + 1));
    expect(first.bytes.subarray(start, end + 1).equals(await bytesOf(response))).toBe(true);
  });

  test.each(["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=abc", "bytes=-"])(
    "comes whole for %s",
    async (range) => {
      const response = await snapshot({ range });
      expect(response.status).toBe(200);
      expect((await bytesOf(response)).length).toBe(100_000);
    },
  );

  test.each(["bytes=100000-", "bytes=-0"])("refuses %s, saying how long it is", async (range) => {
    const response = await snapshot({ range });
    expect(response.headers.get("content-range")).toBe("bytes */100000");
    expect(await errorOf(response)).toMatchObject({ status: 416, code: "range_not_satisfiable" });
  });

  test("HEAD tells the length, and answers a range with 206 as range readers expect", async () => {
    const head = await snapshot({}, 1, "HEAD");
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "100000"]);
    const ranged = await snapshot({ range: "bytes=0-" }, 1, "HEAD");
    expect([ranged.status, ranged.headers.get("content-length")]).toEqual([206, "100000"]);
    expect((await bytesOf(ranged)).length).toBe(0);
  });

  test("is not sent again to whoever has it", async () => {
    const response = await snapshot({ "if-none-match": `"other", W/"${first.hash}"` });
    expect(response.status).toBe(304);
    expect((await bytesOf(response)).length).toBe(0);
    expect((await snapshot({ "if-none-match": '"other"' })).status).toBe(200);
  });

  test("a range of another state of the file becomes the whole", async () => {
    const range = "bytes=0-9";
    expect((await snapshot({ range, "if-range": `"${first.hash}"` })).status).toBe(206);
    expect((await snapshot({ range, "if-range": '"other"' })).status).toBe(200);
    expect((await snapshot({ range, "if-range": `W/"${first.hash}"` })).status).toBe(200);
  });

  test("latest is asked for again each time", async () => {
    const response = await snapshot({}, "latest");
    expect(response.headers.get("etag")).toBe(`"${second.hash}"`);
    expect(response.headers.get("cache-control")).toContain("no-cache");
  });

  test("each download leaves one line in the audit, however many ranges follow", async () => {
    const count = async () =>
      (await web.pool.query("SELECT FROM audit WHERE action = 'download' AND target = 'v2'")).rowCount ?? 0;
    const before = await count();
    for (const range of ["bytes=0-9", "bytes=10-19", "bytes=20-29"])
      await bytesOf(await snapshot({ range }, 2));
    expect(await count()).toBe(before + 1);
  });

  test("many at once come whole", async () => {
    const responses = await Promise.all(Array.from({ length: 32 }, async () => bytesOf(await snapshot())));
    expect(responses.every((bytes) => bytes.equals(first.bytes))).toBe(true);
  });
});

describe("a manifest", () => {
  test("lists the blocks; since another version only those that differ", async () => {
    const whole = Manifest.parse(await (await web.send(`${versions}/2/manifest`)).json());
    expect(whole.blocks).toHaveLength(6);
    expect(whole.blocks[1]).toBeNull();
    const difference = ManifestDifference.parse(
      await (await web.send(`${versions}/2/manifest?since=1`)).json(),
    );
    expect(difference).toMatchObject({
      since: 1,
      version: 2,
      changed: [2, 3, 4, 5].map((index) => ({ index, hash: whole.blocks[index] })),
    });
  });

  test("is not sent again to whoever has it", async () => {
    const { headers } = await web.send(`${versions}/2/manifest`);
    const again = await web.send(`${versions}/2/manifest`, {
      headers: { "if-none-match": headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  });

  test("since a version that does not exist is refused", async () => {
    const error = await errorOf(await web.send(`${versions}/2/manifest?since=9`));
    expect(error.code).toBe("version_not_found");
  });
});

describe("the archive", () => {
  test("is empty until the archiver came, then links each table's file", async () => {
    expect(await web.api.getArchive({ params: { model: "flights", version: 2 } })).toEqual({
      version: 2,
      archived: false,
      files: [],
    });
    const early = await errorOf(await web.send(`${versions}/2/archive/flights`));
    expect(early).toMatchObject({ status: 409, code: "version_not_ready" });
    const store = await openObjectStore({ kind: "directory", path: join(web.servers.home, "objects") });
    const key = `models/${model.id}/archive/e2/v2/flights.parquet`;
    const { bytes, sha256 } = await store.put(key, Buffer.from("PAR1 not really"));
    const part = { table: "flights", key, rows: 2, bytes, sha256 };
    await addArchivePart(web.pool, ModelId.parse(model.id), 2, part);
    const { files } = await web.api.getArchive({ params: { model: "flights", version: 2 } });
    expect(files).toEqual([{ ...part, part: 1, fromVersion: 2, href: `${versions}/2/archive/flights` }]);
    const file = await web.send(files[0]?.href ?? "");
    expect(file.headers.get("content-disposition")).toContain("flights-v2-flights.parquet");
    expect(await file.text()).toBe("PAR1 not really");
  });

  test("names every part of a table that has several, and gives none unasked", async () => {
    const store = await openObjectStore({ kind: "directory", path: join(web.servers.home, "objects") });
    const id = ModelId.parse(model.id);
    const key = `models/${id}/archive/e2/v2/flights.from-2.parquet`;
    const { bytes, sha256 } = await store.put(key, Buffer.from("PAR1 the second"));
    const row = (await contentOf(web.pool, id, 2)).find(({ table }) => table === "flights");
    const base = { series: row?.archiveSeries ?? 0, parts: 1 };
    await addArchivePart(web.pool, id, 2, { table: "flights", key, rows: 1, bytes, sha256 }, base);
    const { files } = await web.api.getArchive({ params: { model: "flights", version: 2 } });
    expect(files.map(({ part, rows, href }) => [part, rows, href])).toEqual([
      [1, 2, `${versions}/2/archive/flights?part=1`],
      [2, 1, `${versions}/2/archive/flights?part=2`],
    ]);
    const second = await web.send(files[1]?.href ?? "");
    expect(second.headers.get("content-disposition")).toContain("flights-v2-flights-part2.parquet");
    expect(await second.text()).toBe("PAR1 the second");
    for (const which of ["", "?part=3"]) {
      const error = await errorOf(await web.send(`${versions}/2/archive/flights${which}`));
      expect(error).toMatchObject({ status: 400, code: "invalid_arguments", details: { parts: 2 } });
    }
  });

  test("a table that is not in the version is 404", async () => {
    expect(await errorOf(await web.send(`${versions}/2/archive/nope`))).toMatchObject({
      code: "table_not_found",
    });
  });
});
