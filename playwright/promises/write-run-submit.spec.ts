import { expect, test } from "../fixtures/test.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

test("SQL written by keyboard runs on the current version and shows rows and how many there are", async ({
  page,
}) => {
  const cell = await NotebookPage.create(page, "flights");
  await cell.write("SELECT origin, count(*) AS departures\nFROM flights\nGROUP BY ALL\nORDER BY origin");
  await cell.run();
  await expect(cell.grid.getByRole("columnheader", { name: "departures" })).toBeVisible();
  await expect(cell.cell).toContainText(/\d+ rows.*v\d+/);
  const [first] = await cell.rows();
  expect(first).toEqual(["ABE", "2,877"]);
});

test("a result that was cut says of how many rows it shows the first", async ({ page }) => {
  const cell = await NotebookPage.create(page, "flights");
  await cell.write("FROM flights");
  await cell.run();
  await expect(cell.cell).toContainText("first 10,000 of 3,000,000");
});

test("a submitted transform becomes the next version, is readable at once, and can be undone", async ({
  page,
  teatree,
}) => {
  const { api } = teatree;
  const before = (await api.getModel({ params: { model: "flights" } })).currentVersion;
  const cell = await NotebookPage.create(page, "flights");
  const transform =
    "CREATE OR REPLACE TABLE route_delays AS\nSELECT origin, destination, avg(delay) AS delay FROM flights GROUP BY ALL";
  await cell.write(transform);
  await cell.choosePlace(/^Submit/);
  expect(await cell.text()).toBe(transform);
  await cell.submit();
  await expect(cell.job.getByRole("status")).toHaveText("applied");
  await expect(cell.job).toContainText("route_delays created");
  await expect(cell.job.getByRole("link", { name: `v${before + 1}` })).toBeVisible();

  await cell.choosePlace(/^Version/);
  await cell.write("SELECT count(*) AS routes FROM route_delays");
  await cell.run();
  await expect(cell.cell).toContainText(`v${before + 1}`);
  await expect(cell.grid.getByRole("gridcell")).toHaveCount(1);

  await cell.choosePlace(/^Submit/);
  await cell.job.getByRole("button", { name: "Undo" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Restore v${before}` })
    .click();
  await expect(cell.job.getByRole("link", { name: `v${before + 2}` })).toBeVisible();

  await page.goto("/models/flights/versions");
  await expect(page.getByRole("link", { name: `v${before + 1}`, exact: true }).first()).toBeVisible();
  const tables = async (version: number) =>
    (await api.getVersion({ params: { model: "flights", version } })).tables.map(({ name, rows }) => [
      name,
      rows,
    ]);
  expect(await tables(before + 1)).toContainEqual(["route_delays", expect.any(Number)]);
  expect(await tables(before + 2)).toEqual(await tables(before));
});
