import type { Locator, Page } from "@playwright/test";

/** The page of one job. */
export class JobPage {
  readonly page: Page;
  /** State, title, facts and what can be done. */
  readonly head: Locator;
  readonly progress: Locator;
  readonly log: Locator;
  readonly steps: Locator;

  constructor(page: Page) {
    this.page = page;
    this.head = page.getByRole("main").locator("header");
    this.progress = page.getByRole("progressbar", { name: "Progress of the job" });
    this.log = page.getByRole("log");
    this.steps = page.getByRole("region", { name: "Steps" }).getByRole("button");
  }

  state(word: string): Locator {
    return this.head.getByText(word, { exact: true });
  }

  action(name: string): Locator {
    return this.head.getByRole("button", { name });
  }
}
