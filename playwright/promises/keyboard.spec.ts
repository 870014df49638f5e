import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/test.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

test("from signing in to an applied job, the keyboard is enough", async ({
  guest: page,
  teatree,
  complaints,
}) => {
  complaints.expect(/401/);
  const model = await teatree.model("CREATE TABLE t AS SELECT 1 AS a");
  await page.goto("/");
  await page.keyboard.type(teatree.system.token);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeAttached();

  await openPalette(page);
  await page.keyboard.type(`${model}`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/models/${model}`);
  await tabTo(page, "New notebook");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/notebooks\/[0-9a-f-]{36}$/);

  const cell = new NotebookPage(page).cell("preview");
  await expect(cell.editor).toBeAttached();
  await page.keyboard.press("Enter");
  await expect(cell.editor).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("INSERT INTO t VALUES (2)");
  await page.keyboard.press("Control+Shift+Enter");
  await expect(page.getByRole("dialog", { name: "Submit preview" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(cell.job.getByRole("status")).toHaveText("applied");
});

test("the palette opens by its key, finds by typing, and goes there", async ({ page }) => {
  await page.goto("/");
  await openPalette(page);
  await page.keyboard.type("airports");
  await expect(page.getByRole("option", { name: /airports/ }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/models/flights/tables/airports");
  await openPalette(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("g m goes to the models and ? lists every shortcut", async ({ page }) => {
  await page.goto("/");
  // Keys are heard once the page is alive, a moment after it shows.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await expect(page).toHaveURL("/models", { timeout: 2_000 });
  }).toPass();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Go to models");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

async function openPalette(page: Page): Promise<void> {
  // Keys are heard once the page is alive, a moment after it shows.
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused({ timeout: 2_000 });
  }).toPass();
}

/** Presses Tab until the link of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("link", { name, exact: true });
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate((link) => link === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(wanted).toBeFocused();
}
