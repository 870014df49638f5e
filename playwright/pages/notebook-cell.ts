import { expect, type Locator, type Page } from "@playwright/test";

/** An SQL or Polars cell of an open notebook, found by its kind and name. */
export class NotebookCell {
  readonly page: Page;
  readonly name: string;
  readonly cell: Locator;
  /** What the editor is to assistive technology: without size, and there once Monaco is loaded. */
  readonly editor: Locator;
  readonly grid: Locator;
  readonly error: Locator;
  /** The strip below a submitted cell. */
  readonly job: Locator;

  constructor(page: Page, name: string, kind: "SQL" | "Polars" = "SQL") {
    this.page = page;
    this.name = name;
    this.cell = page.getByRole("region", { name: `${kind} cell ${name}`, exact: true });
    this.editor = this.cell.getByRole("textbox", { name: `${kind} cell ${name}` });
    this.grid = this.cell.getByRole("grid", { name: `Result of ${name}` });
    this.error = this.cell.getByRole("alert");
    this.job = this.cell.getByRole("region", { name: "Job" });
  }

  /** Replaces the text at once. Lines must not be indented: the editor would indent those after them as well. */
  async write(sql: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(sql);
    // The editor closes brackets by itself: what it put behind the text goes.
    await this.page.keyboard.press("Control+Shift+End");
    await this.page.keyboard.press("Delete");
    await expect.poll(() => this.text()).toBe(sql);
  }

  async run(): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press("Control+Enter");
  }

  /** Opens the sheet by its keys and confirms. */
  async submit(): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press("Control+Shift+Enter");
    const sheet = this.page.getByRole("dialog", { name: `Submit ${this.name}` });
    await sheet.getByRole("button", { name: /^Submit/ }).click();
    await expect(sheet).toBeHidden();
  }

  async choosePlace(place: RegExp): Promise<void> {
    await this.cell.getByRole("button", { name: /^Runs on/ }).click();
    await this.page.getByRole("menuitemradio", { name: place }).click();
  }

  /** The text that stands in the editor; Monaco keeps its lines in any order and its spaces unbreakable. */
  text(): Promise<string> {
    return this.cell.locator(".view-line").evaluateAll((lines) =>
      lines
        .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? "" }))
        .sort((one, other) => one.top - other.top)
        .map(({ text }) => text.replaceAll("\u00a0", " "))
        .join("\n"),
    );
  }

  /** Line and column, from 1, where the squiggle of the error begins; null without one. */
  marker(): Promise<{ line: number; column: number } | null> {
    return this.cell.evaluate((cell) => {
      const squiggle = cell.querySelector(".squiggly-error")?.getBoundingClientRect();
      const lines = [...cell.querySelectorAll(".view-line")].map((line) => line.getBoundingClientRect());
      lines.sort((one, other) => one.top - other.top);
      const text = [...cell.querySelectorAll(".view-line > span")].find(
        ({ textContent }) => textContent !== null && textContent.length > 3,
      );
      if (squiggle === undefined || text === undefined) return null;
      const place = text.getBoundingClientRect();
      const letter = place.width / (text.textContent?.length ?? 1);
      const line = lines.findIndex(({ top, bottom }) => squiggle.top >= top - 1 && squiggle.top < bottom - 1);
      return { line: line + 1, column: Math.round((squiggle.left - place.left) / letter) + 1 };
    });
  }

  /** The rows shown, each as its texts without the row's number. Only what is in the window is there. */
  async rows(): Promise<string[][]> {
    const rows = await this.grid.getByRole("row").all();
    const texts = await Promise.all(rows.map((row) => row.getByRole("gridcell").allInnerTexts()));
    return texts.filter((cells) => cells.length > 0);
  }

  /** The whole result as the grid copies it: tab-separated lines, heads left out. Needs leave to read the clipboard. */
  async copyAll(): Promise<string[]> {
    await this.page.evaluate(() => navigator.clipboard.writeText("nothing was copied"));
    await this.grid.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.press("Control+c");
    await expect(this.cell.getByText(/^Copied/)).toBeAttached();
    const text = await this.page.evaluate(() => navigator.clipboard.readText());
    return text.split("\n");
  }
}
