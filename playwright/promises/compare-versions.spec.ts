import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { screenshotFolder } from "../fixtures/env.ts";
import { expect, test } from "../fixtures/test.ts";

const BEFORE = `
  CREATE TABLE fares (id INTEGER, city VARCHAR, price DOUBLE, note VARCHAR);
  INSERT INTO fares SELECT i, 'city ' || i % 7, i * 1.5, NULL FROM range(1000) r(i);
  CREATE TABLE steady AS SELECT 1 AS a`;
const AFTER = `
  CREATE OR REPLACE TABLE fares AS
    SELECT id, city, CASE WHEN id % 4 = 0 THEN -1 ELSE price END AS price, note, NULL::INTEGER AS seats
    FROM fares WHERE id >= 3;
  INSERT INTO fares VALUES (5000, 'new town', 9, 'fresh', NULL);
  CREATE TABLE routes AS SELECT 7 AS hops`;

test("two versions are compared: tables, columns, and the cells that differ, all kept in the address", async ({
  page,
  teatree,
  complaints,
}) => {
  complaints.expect(/400.*compare/);
  const model = await teatree.model(BEFORE);
  await teatree.apply(model, { function: "sql", args: { sql: AFTER } });

  await page.goto(`/models/${model}/versions/2`);
  await page.getByRole("link", { name: "Compare with v1" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${model} v1 to v2`);

  const tables = page.getByRole("table", { name: "Tables of version 1 and version 2" });
  await expect(tables.getByRole("row", { name: /fares.*written.*1,000.*998.*1 change/ })).toBeVisible();
  await expect(tables.getByRole("row", { name: /routes.*added.*none/ })).toBeVisible();
  await expect(tables.getByRole("row", { name: /steady.*unchanged/ })).toBeVisible();
  await expect(page.getByRole("list", { name: "Changed columns of fares" })).toContainText(
    "seatsnew columnINTEGER",
  );

  // The first table that was written is chosen; its key was found.
  await expect(page.getByText("matched by id, unique in both")).toBeVisible();
  const rows = page.getByRole("region", { name: "Rows of fares that differ" });
  await expect(rows.getByRole("columnheader", { name: "price v1" })).toBeVisible();
  await expect(rows.getByRole("row", { name: /^changed 4 6 −1 / })).toBeVisible();
  await expect(page.getByText("first 100 of 253 that differ")).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByText("first 200 of 253 that differ")).toBeVisible();

  // A page that opens in the dark, with every mark in view.
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.reload();
    await expect(page.getByText("first 100 of 253 that differ")).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const folder = screenshotFolder();
    if (folder) await page.screenshot({ path: join(folder, `compare-rows-${colorScheme}.png`) });
  }

  // By keyboard: only what is gone; the address says so, and again after a reload.
  await page.getByRole("button", { name: "3 removed" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/change=removed/);
  await expect(rows.getByRole("row")).toHaveCount(4);
  await page.reload();
  await expect(page.getByRole("button", { name: "3 removed" })).toHaveAttribute("aria-pressed", "true");
  await expect(rows.getByRole("row")).toHaveCount(4);

  await page.getByLabel("Rows matched by").selectOption("city");
  await expect(page.getByText("This key does not tell the rows apart")).toBeVisible();
  await expect(page.getByText(/993 rows repeat|99\d rows repeat/)).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.getByRole("button", { name: "Compare whole rows" }).click();
  await expect(page.getByText("matched by the whole row")).toBeVisible();
  await expect(page.getByRole("button", { name: "0 changed" })).toBeVisible();

  await page.getByRole("link", { name: "steady" }).click();
  await expect(page.getByText("No differences")).toBeVisible();
  await expect(page).toHaveURL(/table=steady$/);

  await page.getByRole("button", { name: "Swap the versions" }).click();
  await expect(page).toHaveURL(/compare\/2\.\.\.1\?table=steady$/);
  await page.getByLabel("Version after").selectOption("2");
  await expect(page).toHaveURL(/compare\/2\.\.\.2/);
  await expect(page.getByText("No differences")).toBeVisible();
});

test("a long comparison says how far it is and stops when it is told to", async ({
  page,
  teatree,
  complaints,
}) => {
  complaints.expect(/499.*compare/);
  const make = (value: number) =>
    `CREATE OR REPLACE TABLE t AS SELECT hash(i) AS h, i AS n, ${value} AS v, 'text ' || i AS s FROM range(4000000) r(i)`;
  const model = await teatree.model(make(1));
  await teatree.apply(model, { function: "sql", args: { sql: make(2) } });

  await page.goto(`/models/${model}/compare/1...2?key=h`);
  await expect(page.getByRole("progressbar", { name: "Comparison" })).toHaveAttribute("aria-valuenow", /\d+/);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("The comparison was stopped")).toBeVisible({ timeout: 2_000 });
  await page.getByRole("button", { name: "Compare again" }).click();
  await expect(page.getByText("first 100 of 4,000,000 that differ")).toBeVisible({ timeout: 60_000 });
});

test("a comparison with a version that never was says so", async ({ page, teatree, complaints }) => {
  complaints.expect(/404.*(compare|versions)/);
  const model = await teatree.model("CREATE TABLE t AS SELECT 1 AS a");
  await page.goto(`/models/${model}/compare/1...9`);
  await expect(page.getByRole("main").getByRole("alert")).toContainText("no version 9");
});
