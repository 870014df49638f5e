import { expect, test } from "../fixtures/test.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

const ORDERS = "CREATE TABLE orders AS SELECT range AS id, range * 2 AS amount FROM range(10)";

test("a read that fails keeps its text and shows the message at the place of the error", async ({
  page,
  teatree,
  complaints,
}) => {
  complaints.expect(/400|422/);
  const cell = await NotebookPage.create(page, await teatree.model(ORDERS));
  const wrong = "SELECT id,\nid + amuont AS sum\nFROM orders";
  await cell.write(wrong);
  await cell.run();
  await expect(cell.error).toContainText("amuont");
  await expect(cell.error).toContainText("line 2, column 6");
  await expect.poll(() => cell.marker()).toEqual({ line: 2, column: 6 });
  expect(await cell.text()).toBe(wrong);

  await cell.error.getByRole("button", { name: "Replace" }).click();
  await expect.poll(() => cell.text()).toBe("SELECT id,\nid + amount AS sum\nFROM orders");
  await cell.run();
  await expect(cell.cell).toContainText("10 rows");
  await expect(cell.error).toBeHidden();
  expect(await cell.marker()).toBeNull();
});

test("a submitted transform that fails keeps its text, changes nothing, and works once corrected", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(ORDERS);
  const cell = await NotebookPage.create(page, model);
  const wrong = "CREATE TABLE totals AS\nSELECT sum(amuont) AS total FROM orders";
  await cell.choosePlace(/^Submit/);
  await cell.write(wrong);
  await cell.submit();
  await expect(cell.job.getByRole("status")).toHaveText("failed");
  await expect(cell.job).toContainText("nothing was changed");
  await expect(cell.error).toContainText("amuont");
  await expect(cell.error).toContainText("line 2, column 12");
  await expect.poll(() => cell.marker()).toEqual({ line: 2, column: 12 });
  expect(await cell.text()).toBe(wrong);

  const jobLink = cell.job.getByRole("link", { name: "Open job" });
  const job = await page.context().newPage();
  await job.goto((await jobLink.getAttribute("href")) ?? "");
  await expect(job.getByRole("alert").filter({ hasText: "amuont" })).toContainText("line 2");
  await job.close();
  expect((await teatree.api.getModel({ params: { model } })).currentVersion).toBe(1);

  await cell.write("CREATE TABLE totals AS\nSELECT sum(amount) AS total FROM orders");
  await cell.submit();
  await expect(cell.job.getByRole("status")).toHaveText("applied");
  await expect(cell.job.getByRole("link", { name: "v2" })).toBeVisible();
  const { rows } = await teatree.api.queryJson(model, {
    sql: "SELECT total::VARCHAR FROM totals",
    version: 2,
  });
  expect(rows).toEqual([["90"]]);
});
