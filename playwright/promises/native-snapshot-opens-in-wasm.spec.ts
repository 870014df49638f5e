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

test("what needs an extension fails in the browser with words that name it, and asks no other host", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model(everyTypeStatements());
  const cell = await NotebookPage.onThisDevice(page, model, 1);
  for (const [sql, extension] of [
    ["SELECT '2026-01-01 00:00:00+00'::TIMESTAMPTZ AT TIME ZONE 'Europe/Berlin'", "icu"],
    ["SELECT json_extract('{}', '$.a')", "json"],
    ["FROM read_parquet('x.parquet')", "parquet"],
  ] as const) {
    await cell.write(sql);
    await cell.run();
    await expect(cell.error).toContainText(extension);
  }
});

/** Everything the grid holds, through the clipboard: the window shows only some of it. */
async function answer(cell: NotebookCell, footer: RegExp): Promise<string[]> {
  await cell.run();
  await expect(cell.cell).toContainText(footer);
  return cell.copyAll();
}
