import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { screenshotFolder } from "../fixtures/env.ts";
import { expect, test } from "../fixtures/test.ts";
import { NotebookCell } from "../pages/notebook-cell.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

const FLIGHTS = `CREATE TABLE flights AS
SELECT range AS id, ['AA', 'BB', 'CC'][1 + (range % 3)::INTEGER] AS carrier, (range * 7) % 60 AS delay
FROM range(9000)`;
const LATE = `({ pl, tables }) => tables.flights
.filter(pl.col("delay").gt(15))
.groupBy("carrier")
.agg(pl.len().cast(pl.Int64).alias("late"), pl.col("delay").mean().alias("delay"))
.sort("carrier")`;
const LATE_SQL =
  "SELECT carrier, count(*) AS late, avg(delay) AS delay FROM flights WHERE delay > 15 GROUP BY carrier";

/** A notebook on a model of this test's own, with a Polars cell below its SQL cell. */
async function openPolars(page: Page, model: string): Promise<{ sql: NotebookCell; polars: NotebookCell }> {
  const sql = await NotebookPage.create(page, model);
  await page.getByRole("button", { name: "Polars", exact: true }).click();
  const polars = new NotebookCell(page, "frame", "Polars");
  await expect(polars.editor).toBeAttached();
  return { sql, polars };
}

const suggestion = (page: Page, name: string) =>
  page.getByRole("listbox", { name: "Suggest" }).getByRole("option", { name: new RegExp(`^${name}\\b`) });

/** Types until the name is proposed, and takes it. */
async function complete(page: Page, text: string, name: string): Promise<void> {
  await page.keyboard.type(text);
  await expect(suggestion(page, name).first()).toBeVisible();
  await page.keyboard.press("Enter");
}

test("a new Polars cell runs as it is, on the server, and shows its rows in the grid", async ({
  page,
  teatree,
}) => {
  const { polars } = await openPolars(page, await teatree.model(FLIGHTS));
  expect(await polars.text()).toContain('.groupBy("carrier")');
  await polars.run();
  await expect(polars.cell).toContainText("3 rows");
  await expect(polars.cell).toContainText("computed on v1, on the server");
  expect(await polars.rows()).toEqual([
    ["AA", "3,000"],
    ["BB", "3,000"],
    ["CC", "3,000"],
  ]);
});

test("methods and columns are completed, with the types of the model's tables", async ({ page, teatree }) => {
  const { polars } = await openPolars(page, await teatree.model(FLIGHTS));
  await polars.editor.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await complete(page, "({ pl, tables }) => tables.", "flights");
  await page.keyboard.type(".gro");
  await expect(suggestion(page, "groupBy").first()).toBeVisible();
  await picture(page, "polars-completion");
  await page.keyboard.press("Enter");
  await picture(page, "polars-signature");
  await complete(page, '"', "carrier");
  await page.keyboard.press("End");
  await page.keyboard.type(".agg(pl.len())");
  expect(await polars.text()).toBe('({ pl, tables }) => tables.flights.groupBy("carrier").agg(pl.len())');
  await polars.run();
  await expect(polars.cell).toContainText("3 rows");
});

test("a typo is marked with its type error before it runs, the server says where it fails, and the fixed text becomes a table like its SQL twin", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(FLIGHTS);
  const { sql, polars } = await openPolars(page, model);
  const typo = LATE.replace(".groupBy(", ".gruopBy(");
  await polars.write(typo);
  await expect.poll(() => polars.marker()).toEqual({ line: 3, column: 2 });
  await polars.cell.getByText("gruopBy").hover();
  await expect(page.getByText(/'gruopBy' does not exist on type 'LazyFrame'/).first()).toBeVisible();
  await polars.run();
  await expect(polars.error).toContainText("gruopBy");
  await expect(polars.error).toContainText("line 3");
  expect(await polars.text()).toBe(typo);

  await polars.write(LATE.replace('col("delay").gt', 'col("dely").gt'));
  await polars.run();
  await expect(polars.error).toContainText("dely");
  await expect.poll(() => polars.marker()).toEqual({ line: 2, column: 17 });
  await polars.error.getByRole("button", { name: "Replace" }).click();
  await expect.poll(() => polars.text()).toBe(LATE);
  await polars.run();
  await expect(polars.cell).toContainText("3 rows");

  await page.keyboard.press("Control+Shift+Enter");
  const sheet = page.getByRole("dialog", { name: "Submit frame" });
  await sheet.getByRole("combobox", { name: "Table" }).fill("late_by_carrier");
  const row = sheet
    .getByRole("table", { name: "Tables touched" })
    .getByRole("row", { name: /late_by_carrier/ });
  await expect(row).toContainText("new");
  await sheet.getByRole("button", { name: /^Submit/ }).click();
  await expect(polars.job.getByRole("status")).toHaveText("applied");
  await expect(polars.job).toContainText("late_by_carrier created, 3 rows");

  await sql.write(
    `(FROM late_by_carrier EXCEPT ${LATE_SQL})\nUNION ALL\n(${LATE_SQL} EXCEPT FROM late_by_carrier)`,
  );
  await sql.run();
  await expect(sql.cell).toContainText("0 rows");

  await expect(page.getByRole("status").filter({ hasText: /^Saved/ })).toBeVisible();
  await page.reload();
  await expect(polars.job.getByRole("status")).toHaveText("applied");
  await expect(polars.cell).toContainText("replaces late_by_carrier");
  expect(await polars.text()).toBe(LATE);
  await polars.job.getByRole("link", { name: "Open job" }).click();
  await page.getByRole("tab", { name: "Input" }).click();
  const input = page.getByRole("tabpanel", { name: "Input" });
  await expect(input).toContainText("Replaces the table late_by_carrier");
  await expect(input).toContainText('.groupBy("carrier")');
  await expect(input.getByRole("button", { name: "Copy the code" })).toBeVisible();
});

test("a computation that takes long can be stopped, and the cell goes on", async ({ page, teatree }) => {
  const { polars } = await openPolars(page, await teatree.model(FLIGHTS));
  await polars.write(
    '({ pl, tables }) => { const f = tables.flights.select("id"); const g = f.join(f, { how: "cross", suffix: "_b" }); return g.join(f, { how: "cross", suffix: "_c" }).select(pl.col("id").sum()); }',
  );
  await polars.run();
  await polars.cell.getByRole("button", { name: "Stop frame" }).click();
  await expect(polars.cell.getByRole("button", { name: "Run frame" })).toBeVisible();
  await polars.write(LATE);
  await polars.run();
  await expect(polars.cell).toContainText("3 rows");
});

test("kinds change by key, and Polars is offered where it runs only", async ({ page, teatree }) => {
  const sql = await NotebookPage.create(page, await teatree.model(FLIGHTS));
  await sql.write("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  const polars = new NotebookCell(page, "preview", "Polars");
  await expect(polars.editor).toBeAttached();
  expect(await polars.text()).toContain("tables.flights");
  await polars.cell.getByRole("button", { name: /^Runs on/ }).click();
  const device = page.getByRole("menuitemradio", { name: /^This device/ });
  await expect(device).toContainText("it runs on the server only");
  await expect(device).toBeDisabled();
  await page.keyboard.press("Escape");
  await polars.cell.focus();
  await page.keyboard.press("s");
  await expect(sql.editor).toBeAttached();
  expect(await sql.text()).toBe("");
});

test("TypeScript is fetched only for a notebook with a Polars cell", async ({ page, teatree }) => {
  const large: string[] = [];
  page.on("response", async (response) => {
    const body = await response.body().catch(() => Buffer.alloc(0));
    if (response.url().includes("/_next/static/") && body.length > 3_500_000) large.push(response.url());
  });
  const sql = await NotebookPage.create(page, await teatree.model(FLIGHTS));
  await sql.run();
  await expect(sql.cell).toContainText("1,000");
  const workers = page.workers().length;
  expect(large).toEqual([]);
  await page.getByRole("button", { name: "Polars", exact: true }).click();
  await expect.poll(() => page.workers().length).toBe(workers + 1);
});

test("a Polars cell, its error and its submit sheet can be used by everybody, in light and dark, wide and narrow", async ({
  page,
  teatree,
}) => {
  test.setTimeout(180_000);
  const { polars } = await openPolars(page, await teatree.model(FLIGHTS));
  await polars.write(LATE);
  await polars.run();
  await expect(polars.cell).toContainText("3 rows");
  await inEveryLook(page, "polars-result");
  await polars.write(LATE.replace('col("delay").gt', 'col("dely").gt'));
  await polars.run();
  await expect(polars.error).toBeVisible();
  await inEveryLook(page, "polars-error");
  await polars.write(LATE);
  await page.keyboard.press("Control+Shift+Enter");
  const sheet = page.getByRole("dialog", { name: "Submit frame" });
  await expect(sheet.getByRole("row", { name: /frame/ }).first()).toBeVisible();
  await inEveryLook(page, "polars-submit");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await polars.cell.getByRole("button", { name: /^Runs on/ }).click();
  await expect(page.getByRole("menuitemradio", { name: /^This device/ })).toBeVisible();
  await inEveryLook(page, "polars-target");
});

async function picture(page: Page, name: string): Promise<void> {
  const folder = screenshotFolder();
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function inEveryLook(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      const found = violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map(({ html }) => html.slice(0, 160)),
      }));
      expect(found, `axe: ${name}, ${colorScheme}, ${width} px`).toEqual([]);
      await picture(page, `${name}-${colorScheme}-${width}`);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
