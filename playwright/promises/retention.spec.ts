import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../fixtures/test.ts";

const fill = (rows: number) =>
  `CREATE OR REPLACE TABLE t AS SELECT range AS id, md5(range::VARCHAR) AS text FROM range(${rows})`;

test("versions that a model need not keep go, named ones stay, and a link to one that is gone says where to go on", async ({
  page,
  teatree,
  complaints,
}) => {
  complaints.expect(/409.*\/name/, /410.*versions\/3/);
  const model = await teatree.model(fill(20_000));
  for (let turn = 1; turn <= 4; turn += 1) {
    await teatree.apply(model, { function: "sql", args: { sql: fill(20_000 + turn) } });
  }

  await page.goto(`/models/${model}/versions/2`);
  await page.getByRole("button", { name: "Name it" }).press("Enter");
  await page.keyboard.type("Q3 close");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Rename" })).toBeFocused();
  await expect(page.getByText("Q3 close")).toBeVisible();

  await page.goto(`/models/${model}/versions/3`);
  await page.getByRole("button", { name: "Name it" }).click();
  await page.keyboard.type("Q3 close");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Another version is named")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Name it" })).toBeFocused();

  await page.goto(`/models/${model}/versions`);
  await expect(page.getByRole("row", { name: /v2 Q3 close/ })).toBeVisible();

  await page.goto(`/models/${model}`);
  await expect(page.getByText("Every version is kept.")).toBeVisible();
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByLabel("Keep the last versions").fill("none");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("A whole number from 1, or empty.")).toBeVisible();
  await page.getByLabel("Keep the last versions").fill("1");
  await page.getByLabel("Grace period in minutes").fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Only the current version is kept. Named versions stay.")).toBeVisible();

  // What is not in the archive yet is not removed.
  await expect(async () => {
    const { items } = await teatree.api.listVersions({ params: { model } });
    expect(items.every(({ archived }) => archived)).toBe(true);
  }).toPass();
  await page.getByRole("button", { name: "Collect now" }).click();
  await expect(page.getByText(/^Freed [\d.]+ [KM]B$/)).toBeVisible();
  await expect(page.getByText(/3 versions removed/)).toBeVisible();
  const { items } = await teatree.api.listVersions({ params: { model } });
  expect(items.map(({ version }) => version)).toEqual([5, 2]);

  await page.goto(`/models/${model}/versions/3`);
  await expect(page.getByText("Version 3 was removed")).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await page.getByRole("main").getByRole("link", { name: "v2" }).click();
  await expect(page).toHaveURL(/versions\/2$/);
  await expect(page.getByText("Q3 close")).toBeVisible();
});
