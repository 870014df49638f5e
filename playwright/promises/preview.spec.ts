import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/test.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

const ORDERS =
  "CREATE TABLE orders AS SELECT range AS id, 'o' || range AS name, range * 10 AS amount FROM range(100)";
const TOTALS = "CREATE TABLE totals AS SELECT count(*) AS orders, sum(amount) AS total FROM orders";
const ENDLESS = "CREATE TABLE never AS SELECT count(*) AS n FROM range(1000000000000) t(i) WHERE i % 7 = 3";

async function openSheet(page: Page, model: string, sql: string) {
  const cell = await NotebookPage.create(page, model);
  await cell.choosePlace(/^Submit/);
  await cell.write(sql);
  await page.keyboard.press("Control+Shift+Enter");
  const sheet = page.getByRole("dialog", { name: `Submit ${cell.name}` });
  await expect(sheet).toBeVisible();
  return { cell, sheet };
}

test("before a submit it is shown what would change, with rows before and after, and the job does just that", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(ORDERS);
  await teatree.apply(model, { function: "sql", args: { sql: TOTALS } });
  const sql =
    "UPDATE orders SET amount = NULL WHERE id < 3;\nDELETE FROM orders WHERE id > 97;\nSELECT count(*) AS n FROM orders";
  const { cell, sheet } = await openSheet(page, model, sql);
  await expect(sheet).toContainText(/Previewed on a throw-away copy of v2 in [\d.]+ m?s/);
  const orders = sheet.getByRole("table", { name: "Tables touched" }).getByRole("row", { name: /^orders/ });
  await expect(orders.getByRole("cell")).toHaveText(["orders", "0", "~ 3", "− 2", "98"]);
  await expect(sheet.getByRole("status").filter({ hasText: "1 of 2" })).toBeVisible();
  await expect(sheet).toContainText("totals was computed from orders and will be behind.");
  const samples = sheet.getByRole("region", { name: "Rows of orders", exact: true });
  await expect(samples.getByRole("row").nth(2).getByRole("cell")).toHaveText([
    "~changed",
    "1",
    "o1",
    "10",
    "null",
  ]);
  await expect(samples.getByRole("row").nth(4).getByRole("cell")).toHaveText([
    "−removed",
    "98",
    "o98",
    "980",
    "",
  ]);
  await expect(sheet.getByRole("region", { name: "Result of the last SELECT" })).toContainText("98");
  expect((await teatree.api.getModel({ params: { model } })).currentVersion).toBe(2);
  expect((await teatree.api.listJobs({ query: { model } })).items).toHaveLength(2);

  await page.keyboard.press("Control+Enter");
  await expect(sheet).toBeHidden();
  await expect(cell.job.getByRole("status")).toHaveText("applied");
  const { items } = await teatree.api.listVersions({ params: { model } });
  expect(items[0]?.tables.find(({ name }) => name === "orders")).toMatchObject({ rows: 98, rowsDelta: -2 });
});

test("a statement that would fail says so at its line, keeps its text, and changes nothing", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(ORDERS);
  const wrong = "UPDATE orders\nSET amount = amuont + 1";
  const { cell, sheet } = await openSheet(page, model, wrong);
  await expect(sheet.getByRole("alert")).toContainText("amuont");
  await expect(sheet.getByRole("alert")).toContainText("line 2");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  expect(await cell.text()).toBe(wrong);
  expect((await teatree.api.getModel({ params: { model } })).currentVersion).toBe(1);
});

test("a preview that takes long can be stopped, and starts again when the version moves", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(ORDERS);
  const { sheet } = await openSheet(page, model, ENDLESS);
  await sheet.getByRole("button", { name: "Stop the preview" }).click();
  await expect(sheet).toContainText("The preview was stopped. Submitting works without it.");
  await teatree.apply(model, { function: "delete", args: { table: "orders", where: { id: 1 } } });
  await expect(sheet.getByRole("button", { name: "Stop the preview" })).toBeVisible();
});

test("without a preview a statement can be submitted all the same", async ({ page, teatree, complaints }) => {
  complaints.expect(/503/);
  const model = await teatree.model(ORDERS);
  await page.route("**/intents:preview", (route) =>
    route.fulfill({
      status: 503,
      json: { error: { code: "manager_unavailable", message: "The manager is away.", details: {} } },
    }),
  );
  const { cell, sheet } = await openSheet(page, model, "DELETE FROM orders WHERE id = 1");
  await expect(sheet).toContainText("Preview is not available.");
  await sheet.getByRole("button", { name: /^Submit/ }).click();
  await expect(cell.job.getByRole("status")).toHaveText("applied");
});

test("nothing moves when the preview arrives", async ({ page, teatree }) => {
  const model = await teatree.model(ORDERS);
  await page.addInitScript(() => {
    const seen = { total: 0 };
    Object.assign(window, { shifts: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        };
        if (!hadRecentInput) seen.total += value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/intents:preview", async (route) => {
    await held;
    await route.continue();
  });
  const { sheet } = await openSheet(page, model, "UPDATE orders SET amount = 0 WHERE id < 10");
  await expect(sheet.getByRole("status", { name: "The preview is running" })).toBeVisible();
  const shifts = () => page.evaluate(() => Number(Reflect.get(Reflect.get(window, "shifts"), "total")));
  const before = await shifts();
  answer();
  await expect(sheet).toContainText("~ 9");
  expect((await shifts()) - before).toBeLessThan(0.001);
});
