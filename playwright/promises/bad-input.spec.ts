import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/test.ts";
import { JobPage } from "../pages/job-page.ts";

const text = (name: string, body: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(body) });

test("an unknown model has a page that says so and leads to the models", async ({ page, complaints }) => {
  complaints.expect(/404/);
  await page.goto("/models/no-such-model");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("no-such-model could not be loaded");
  await page.getByRole("link", { name: "All models" }).click();
  await expect(page).toHaveURL("/models");
});

test("a version that does not exist has a page that says so", async ({ page, complaints }) => {
  complaints.expect(/404/);
  await page.goto("/models/flights/versions/9999");
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "Version 9999 of flights could not be loaded",
  );
});

test("an upload with a broken line fails with the number of that line and leaves the table as it was", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model("CREATE TABLE orders AS SELECT 1 AS id, 10 AS amount");
  const dialog = await openImport(page, model);
  await dialog
    .getByLabel("Drop a file")
    .setInputFiles(text("orders.csv", "id,amount\n2,20\n3,30\n4,forty\n5,50\n"));
  await dialog.getByLabel("What to do").selectOption("Add to the table");
  await dialog.getByRole("button", { name: "Import" }).click();
  const job = new JobPage(page);
  await expect(job.state("failed")).toBeVisible();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("line 4");
  const { rows, version } = await teatree.api.queryJson(model, { sql: "FROM orders" });
  expect({ rows, version }).toEqual({ rows: [[1, 10]], version: 1 });
});

test("a good file becomes a table by the same dialog", async ({ page, teatree }) => {
  const model = await teatree.model();
  const dialog = await openImport(page, model);
  await dialog.getByLabel("Drop a file").setInputFiles(text("My Orders.csv", "id,amount\n2,20\n3,30\n"));
  await expect(dialog.getByLabel("Table")).toHaveValue("my_orders");
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(new JobPage(page).state("applied")).toBeVisible();
  const { rows } = await teatree.api.queryJson(model, { sql: "SELECT sum(amount)::INTEGER FROM my_orders" });
  expect(rows).toEqual([[50]]);
});

test("a file of a kind that cannot be read is refused before it is sent", async ({ page, teatree }) => {
  const dialog = await openImport(page, await teatree.model());
  await dialog.getByLabel("Drop a file").setInputFiles(text("orders.xlsx", "not really"));
  await expect(dialog.getByRole("alert")).toContainText("This kind of file cannot be read");
  await expect(dialog.getByRole("button", { name: "Import" })).toBeDisabled();
});

test("a model's name is checked while the dialog keeps what was typed", async ({ page }) => {
  await page.goto("/models?new=1");
  const dialog = page.getByRole("dialog", { name: "New model" });
  const name = dialog.getByLabel("Name");
  for (const [typed, problem] of [
    ["", "Give it a name"],
    ["Not A Name", "Start with a letter"],
    ["flights", "exists already"],
  ] as const) {
    await name.fill(typed);
    await dialog.getByRole("button", { name: "Create" }).click();
    await expect(dialog.getByRole("alert")).toContainText(problem);
    await expect(name).toHaveValue(typed);
  }
  await name.fill("a-good-name");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL("/models/a-good-name");
});

async function openImport(page: Page, model: string) {
  await page.goto(`/models/${model}`);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Import a file into ${model}` });
  await expect(dialog).toBeVisible();
  return dialog;
}
