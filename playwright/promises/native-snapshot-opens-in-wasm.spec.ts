import { everyTypeStatements, TEXT_READS, TYPED_READS } from "../fixtures/every-type.ts";
import { expect, test } from "../fixtures/test.ts";
import type { NotebookCell } from "../pages/notebook-cell.ts";
import { NotebookPage } from "../pages/notebook-page.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a snapshot with every DuckDB type opens in the browser, and every table reads as the reader reads it", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(everyTypeStatements());
  const cell = await NotebookPage.onThisDevice(page, model, 1);
  for (const sql of [...TEXT_READS, ...TYPED_READS]) {
    await cell.write(sql);
    await cell.choosePlace(/^This device/);
    const onDevice = await answer(cell, /answered from v1 on this device/);
    await cell.choosePlace(/^Version/);
    const ofReader = await answer(cell, /rows? *·[^·]*· *v1/);
    expect(onDevice, sql).toEqual(ofReader);
  }
});

test("what the browser cannot do without extensions says so, leaves the page working, and asks no other host", async ({
  page,
  teatree,
}) => {
  const cell = await NotebookPage.onThisDevice(page, await teatree.model(everyTypeStatements()), 1);
  for (const [sql, message] of [
    ["SELECT json_extract('{}', '$.a')", "json extension"],
    ["FROM read_parquet('x.parquet')", "parquet extension"],
    ["SELECT current_date", "icu extension"],
    ["SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Europe/Berlin'", "time zones"],
  ] as const) {
    await cell.write(sql);
    await cell.run();
    await expect(cell.error).toContainText(message);
  }
  await cell.write("SELECT count(*) AS n FROM every_type");
  await cell.run();
  await expect(cell.grid.getByRole("columnheader", { name: "n" })).toBeVisible();
  await expect(cell.error).toBeHidden();
});

/** Everything the grid holds, through the clipboard: the window shows only some of it. */
async function answer(cell: NotebookCell, footer: RegExp): Promise<string[]> {
  await cell.run();
  await expect(cell.cell).toContainText(footer);
  return cell.copyAll();
}
