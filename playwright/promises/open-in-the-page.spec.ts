import { expect, test } from "../fixtures/test.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

const ORDERS =
  "CREATE TABLE orders AS SELECT range AS id, 'item ' || range AS item, (range * 1.5)::DECIMAL(9,2) AS price FROM range(2000)";
const SUMS =
  "SELECT id % 3 AS rest, count(*) AS orders, sum(price) AS total, min(item) AS first\nFROM orders GROUP BY ALL ORDER BY rest";

test("Open in this page runs SQL on the snapshot in the browser, with the reader's own answer", async ({
  page,
  teatree,
}) => {
  const cell = await NotebookPage.onThisDevice(page, await teatree.model(ORDERS), 1);
  await cell.write(SUMS);
  await cell.run();
  await expect(cell.cell).toContainText("answered from v1 on this device");
  const onDevice = await cell.rows();
  expect(onDevice).toHaveLength(3);

  await cell.choosePlace(/^Version/);
  await cell.run();
  await expect(cell.cell).not.toContainText("on this device");
  await expect(cell.cell).toContainText("3 rows");
  expect(await cell.rows()).toEqual(onDevice);
});

test("once downloaded, a snapshot answers further questions with the network cut", async ({
  page,
  context,
  teatree,
  complaints,
}) => {
  const cell = await NotebookPage.onThisDevice(page, await teatree.model(ORDERS), 1);
  await cell.write("SELECT count(*) AS orders FROM orders");
  await cell.run();
  await expect(cell.cell).toContainText("answered from v1 on this device");

  complaints.expect(/ERR_INTERNET_DISCONNECTED/, /WebSocket/);
  await context.setOffline(true);
  await cell.write(SUMS);
  await cell.run();
  await expect(cell.grid.getByRole("columnheader", { name: "total" })).toBeVisible();
  await expect(cell.cell).toContainText("answered from v1 on this device");
  expect(await cell.rows()).toHaveLength(3);
  await context.setOffline(false);
});

test("a statement that takes long on this device can be stopped, and the next one runs", async ({
  page,
  teatree,
}) => {
  const cell = await NotebookPage.onThisDevice(page, await teatree.model(ORDERS), 1);
  await cell.write(
    "SELECT count(*) AS n FROM orders AS a, orders AS b, orders AS c WHERE a.id * b.id > c.id",
  );
  await cell.run();
  await expect(cell.cell.getByText("running", { exact: true })).toBeVisible();
  await cell.cell.getByRole("button", { name: "Stop preview" }).click();
  await expect(cell.cell.getByText("running", { exact: true })).toBeHidden();
  await cell.write("SELECT 41 + 1 AS answer");
  await cell.run();
  await expect(cell.grid.getByRole("columnheader", { name: "answer" })).toBeVisible();
  expect(await cell.rows()).toEqual([["42"]]);
});
