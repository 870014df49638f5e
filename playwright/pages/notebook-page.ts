import { expect, type Page } from "@playwright/test";
import { NotebookCell } from "./notebook-cell.ts";

/** A notebook, new or opened. */
export class NotebookPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** A new notebook from the model's own page. Its only cell is called `preview` when the model has a table, else `query`. */
  static async create(page: Page, model: string, cell = "preview"): Promise<NotebookCell> {
    await page.goto(`/models/${model}`);
    await page.getByRole("link", { name: "New notebook" }).click();
    await page.waitForURL(/\/notebooks\/[0-9a-f-]{36}$/);
    const made = new NotebookPage(page).cell(cell);
    await expect(made.editor).toBeAttached();
    return made;
  }

  /** The notebook that "Open in this page" of a version makes; its cell runs on this device. */
  static async onThisDevice(page: Page, model: string, version: number): Promise<NotebookCell> {
    await page.goto(`/models/${model}/versions/${version}`);
    await page.getByRole("link", { name: "Open in this page" }).click();
    await page.waitForURL(/\/notebooks\/[0-9a-f-]{36}$/);
    const made = new NotebookPage(page).cell("preview");
    await expect(made.editor).toBeAttached();
    await expect(made.cell.getByRole("button", { name: /^Runs on This device/ })).toBeVisible();
    return made;
  }

  cell(name: string): NotebookCell {
    return new NotebookCell(this.page, name);
  }
}
