import { expect, test } from "../fixtures/test.ts";
import { Shell } from "../pages/shell.ts";

const insert = (value: number) => ({
  function: "sql" as const,
  args: { sql: `INSERT INTO t VALUES (${value})` },
});

test("what another client changes is announced on an open page, and read only when one says so", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model("CREATE TABLE t (a INTEGER)");
  await page.goto("/");
  const shell = new Shell(page);
  await expect(shell.connection).toContainText("Online");
  await expect(page.getByRole("main").getByText(model).first()).toBeVisible();
  const before = await shell.unread();

  await teatree.apply(model, insert(1));
  await expect(shell.toasts.getByRole("link", { name: "v2" })).toBeVisible();
  await expect.poll(() => shell.unread()).toBe(before + 1);
  await expect(page).toHaveTitle(new RegExp(`^\\(${before + 1}\\) `));

  await shell.bell.click();
  await page.getByRole("combobox", { name: "Model" }).selectOption(model);
  await page
    .getByRole("button", { name: /^Mark “.*” as read$/ })
    .first()
    .click();
  await expect.poll(() => shell.unread()).toBe(before);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect.poll(() => shell.unread()).toBe(0);
  await page.reload();
  await expect(shell.bell).toHaveAccessibleName("Inbox, nothing unread");
});

test("what happened while the page had no connection is there after it, in order and once", async ({
  page,
  teatree,
  complaints,
}) => {
  const model = await teatree.model("CREATE TABLE t (a INTEGER)");
  await page.goto(`/inbox?model=${model}`);
  const shell = new Shell(page);
  const rows = page.getByRole("main").getByRole("listitem");
  await expect(shell.connection).toContainText("Online");
  await expect(rows).toHaveCount(1);

  complaints.expect(/WebSocket/, /net::ERR_(CONNECTION|EMPTY|INTERNET|SOCKET|NETWORK)/, /status of 50\d/);
  await teatree.system.restart("web");
  for (const value of [1, 2, 3]) await teatree.apply(model, insert(value));

  await expect(shell.connection).toContainText("Online");
  await expect(rows).toHaveCount(4);
  const versions = await rows.getByRole("link", { name: model }).allInnerTexts();
  expect(versions.map((text) => text.trim())).toEqual([4, 3, 2, 1].map((version) => `${model} v${version}`));
});
