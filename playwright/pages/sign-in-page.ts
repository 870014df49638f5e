import type { Locator, Page } from "@playwright/test";

/** What strangers see at any address. */
export class SignInPage {
  readonly problem: Locator;
  readonly #token: Locator;
  readonly #button: Locator;

  constructor(page: Page) {
    this.problem = page.getByRole("alert");
    this.#token = page.getByLabel("Token");
    this.#button = page.getByRole("button", { name: "Sign in" });
  }

  async give(token: string): Promise<void> {
    await this.#token.fill(token);
    await this.#button.click();
  }
}
