import { expect, test } from "../fixtures/test.ts";
import { NotebookPage } from "../pages/notebook-page.ts";
import { SignInPage } from "../pages/sign-in-page.ts";

test("the link from the terminal signs in, and home shows the flights model", async ({
  guest: page,
  teatree,
}) => {
  await page.goto(teatree.system.link);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("link", { name: "flights", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: /Flights in five cells/ })).toBeVisible();
});

test("the sample came in as two versions, so that history is never empty", async ({ page }) => {
  await page.goto("/models/flights/versions");
  for (const [version, table, rows] of [
    ["v1", "flights", "3,000,000"],
    ["v2", "airports", "3,376"],
  ] as const) {
    const row = page.getByRole("row").filter({ has: page.getByText(version, { exact: true }) });
    await expect(row).toContainText(table);
    await expect(row).toContainText(rows);
  }
});

test("Flights in five cells shows its first result within 10 s of being opened", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: /Flights in five cells/ }).click();
  const opened = Date.now();
  const preview = new NotebookPage(page).cell("preview");
  await expect(preview.editor).toBeAttached();
  await preview.run();
  await expect(preview.cell).toContainText("100 rows");
  expect(Date.now() - opened).toBeLessThan(10_000);
});

test("a wrong token gives a page that says what to do", async ({ guest, complaints }) => {
  complaints.expect(/401/);
  await guest.goto("/?token=not-the-token");
  const signIn = new SignInPage(guest);
  await expect(signIn.problem).toContainText("copy the newest line");
});

test("without a session the sign-in page takes the token and leads on to where one wanted to go", async ({
  guest,
  complaints,
  teatree,
}) => {
  complaints.expect(/401/);
  await guest.goto("/models");
  const signIn = new SignInPage(guest);
  await signIn.give("not-the-token");
  await expect(signIn.problem).toBeVisible();
  await signIn.give(teatree.system.token);
  await expect(guest).toHaveURL("/models");
  await expect(guest.getByRole("heading", { name: "Models", level: 1 })).toBeVisible();
});
