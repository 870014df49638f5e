import { createHash } from "node:crypto";
import { rowsOfFile, sha256Of } from "../fixtures/snapshot-file.ts";
import { expect, test } from "../fixtures/test.ts";

const DIGESTS = `
  SELECT 'flights' AS name, count(*)::VARCHAR AS rows, bit_xor(hash(t))::VARCHAR AS digest FROM flights AS t
  UNION ALL
  SELECT 'airports', count(*)::VARCHAR, bit_xor(hash(t))::VARCHAR FROM airports AS t
  ORDER BY name`;

test("the downloaded file opens in DuckDB and holds exactly what the reader answers", async ({
  page,
  teatree,
}, testInfo) => {
  await page.goto("/models/flights/versions/2");
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download", exact: true }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe("flights-v2.duckdb");
  const path = testInfo.outputPath("flights-v2.duckdb");
  await download.saveAs(path);

  const command = `echo "${await sha256Of(path)}  flights-v2.duckdb" | sha256sum --check`;
  await expect(page.getByText(command)).toBeVisible();

  const { rows } = await teatree.api.queryJson("flights", { sql: DIGESTS, version: 2 });
  expect(rows).toHaveLength(2);
  expect(await rowsOfFile(path, DIGESTS)).toEqual(rows);
});

test("the file itself says which version of which model it is and what made it", async ({
  page,
  teatree,
}, testInfo) => {
  const model = await teatree.model("CREATE TABLE t AS SELECT 1 AS a");
  const job = await teatree.apply(model, { function: "sql", args: { sql: "INSERT INTO t VALUES (2)" } });
  const path = testInfo.outputPath("snapshot.duckdb");
  await page.goto(`/models/${model}/versions/2`);
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download", exact: true }).click();
  await (await waiting).saveAs(path);
  const [info] = await rowsOfFile(
    path,
    "SELECT model::VARCHAR, version, parent, [id::VARCHAR FOR id IN intents] FROM _teatree.version_info ORDER BY version DESC",
  );
  expect(info).toEqual([job.modelId, 2, 1, [job.id]]);
});

test("a download that broke off goes on where it was, and a changed range is refused by the tag", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model("CREATE TABLE t AS SELECT range AS a FROM range(100000)");
  await page.goto(`/models/${model}/versions/1`);
  const link = page.getByRole("link", { name: "Download", exact: true });
  const url = new URL((await link.getAttribute("href")) ?? "", teatree.system.url);
  const get = (headers: Record<string, string> = {}) =>
    fetch(url, { headers: { authorization: `Bearer ${teatree.system.token}`, ...headers } });

  const whole = await get();
  const etag = whole.headers.get("etag") ?? "";
  const bytes = Buffer.from(await whole.arrayBuffer());
  const cut = Math.floor(bytes.length / 3);
  const first = await get({ range: `bytes=0-${cut - 1}` });
  const rest = await get({ range: `bytes=${cut}-`, "if-range": etag });
  expect([first.status, rest.status]).toEqual([206, 206]);
  expect(rest.headers.get("content-range")).toBe(`bytes ${cut}-${bytes.length - 1}/${bytes.length}`);
  const joined = Buffer.concat([
    Buffer.from(await first.arrayBuffer()),
    Buffer.from(await rest.arrayBuffer()),
  ]);
  expect(sha256(joined)).toBe(sha256(bytes));

  const other = await get({ range: `bytes=${cut}-`, "if-range": '"another-file"' });
  expect(other.status).toBe(200);
  await other.body?.cancel();
});

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
