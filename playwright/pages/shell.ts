import type { Locator, Page } from "@playwright/test";

/** What stands round every page. */
export class Shell {
  readonly bell: Locator;
  /** `Online`, `Reconnecting`, … */
  readonly connection: Locator;
  /** Words that pass at the lower right. */
  readonly toasts: Locator;

  constructor(page: Page) {
    this.bell = page.getByRole("banner").getByRole("link", { name: /^Inbox/ });
    this.connection = page.getByRole("banner").getByRole("status");
    this.toasts = page.getByRole("region", { name: /^Notifications/ }).getByRole("listitem");
  }

  /** How many notifications the bell says are unread. */
  async unread(): Promise<number> {
    const name = (await this.bell.getAttribute("aria-label")) ?? "";
    return Number(/\d+/.exec(name)?.[0] ?? 0);
  }
}
