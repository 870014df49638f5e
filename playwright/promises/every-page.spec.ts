import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { screenshotFolder } from "../fixtures/env.ts";
import { expect, test } from "../fixtures/test.ts";
import { ROUTES } from "../pages/every-route.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

const THEMES = ["light", "dark"] as const;
const WIDTHS = [1440, 390] as const;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

for (const { name, path, shows, complaint } of ROUTES) {
  test(`the page ${name} can be used by everybody, in light and dark, wide and narrow`, async ({
    page,
    teatree,
    complaints,
  }) => {
    if (complaint) complaints.expect(complaint);
    await page.goto(await path(teatree.api));
    await expect(page.getByText(shows).filter({ visible: true }).first()).toBeVisible();
    await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
    await inEveryLook(page, name);
  });
}

test("the sign-in page can be used by everybody, in light and dark, wide and narrow", async ({
  guest,
  complaints,
}) => {
  complaints.expect(/401/);
  await guest.goto("/");
  await expect(guest.getByLabel("Token")).toBeFocused();
  await inEveryLook(guest, "sign-in");
});

test("a result, the submit sheet and the palette can be used by everybody, in light and dark, wide and narrow", async ({
  page,
}) => {
  const cell = await NotebookPage.create(page, "flights");
  await cell.write("FROM airports");
  await cell.run();
  await expect(cell.cell).toContainText("3,376 rows");
  await inEveryLook(page, "notebook-result");
  await cell.editor.focus();
  await page.keyboard.press("Control+Shift+Enter");
  const sheet = page.getByRole("dialog", { name: "Submit preview" });
  await expect(sheet).toContainText("0 of 2");
  await page.keyboard.press("Escape");
  await cell.write("UPDATE flights\nSET delay = NULL\nWHERE delay > 1000");
  await page.keyboard.press("Control+Shift+Enter");
  await expect(sheet.getByRole("region", { name: "Rows of flights", exact: true })).toBeVisible();
  await inEveryLook(page, "submit-sheet");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option", { name: /airports/ }).first()).toBeVisible();
  await inEveryLook(page, "palette");
});

async function inEveryLook(page: Page, name: string): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoSidewaysScroll(page, width);
      await expectNoViolations(page, `${name}, ${theme}, ${width} px`);
      const folder = screenshotFolder();
      if (folder) await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
    }
  }
}

async function expectNoSidewaysScroll(page: Page, width: number): Promise<void> {
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(wide, { message: "the page scrolls sideways" }).toBeLessThanOrEqual(width);
}

async function expectNoViolations(page: Page, look: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 160)) }));
  expect(found, `axe: ${look}`).toEqual([]);
}
