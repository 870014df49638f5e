import { finalJob } from "../fixtures/jobs.ts";
import { expect, test } from "../fixtures/test.ts";
import { JobPage } from "../pages/job-page.ts";

/** Runs for minutes on any machine, so that whatever is seen of it is seen while it runs. */
const ENDLESS =
  "CREATE TABLE pairs AS SELECT count(*) AS n FROM range(1000000) AS a(x), range(1000000) AS b(y) WHERE hash(x, y) % 7 = 1";

test("a running job can be watched without a reload, stopped, and tried again as a new job", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model("CREATE TABLE t AS SELECT 1 AS a");
  const { jobId } = await teatree.api.submitIntent(model, { function: "sql", args: { sql: ENDLESS } });
  await page.goto(`/jobs/${jobId}`);
  const job = new JobPage(page);
  await expect(job.state("running")).toBeVisible();
  await expect(job.progress).toBeVisible();
  await expect(job.log).toContainText("CREATE TABLE pairs");
  await expect(job.steps.filter({ hasText: "apply" })).toContainText("running");
  await expect(page.getByRole("link", { name: /running$/ })).toBeVisible();

  await job.action("Cancel").click();
  await expect(job.state("cancelled")).toBeVisible();
  await expect(page.getByText(`${model} is as it was.`)).toBeVisible();
  await expect(job.progress).toBeHidden();
  expect((await teatree.api.getModel({ params: { model } })).currentVersion).toBe(1);

  await job.action("Retry").click();
  await expect(page).not.toHaveURL(new RegExp(jobId));
  await expect(job.state("running")).toBeVisible();
  await expect(job.head.getByRole("link", { name: jobId.slice(0, 8) })).toBeVisible();
  const retried = page.url().split("/").at(-1) ?? "";
  await page.keyboard.press("x");
  await expect(job.state("cancelled")).toBeVisible();
  expect((await finalJob(teatree.api, retried)).retryOf).toBe(jobId);
});

test("a finished job shows what it changed, what it was given and what it answered", async ({
  page,
  teatree,
}) => {
  const model = await teatree.model("CREATE TABLE t AS SELECT range AS a FROM range(5)");
  const sql = "INSERT INTO t VALUES (7), (8) RETURNING a";
  const { id } = await teatree.apply(model, { function: "sql", args: { sql } });
  await page.goto(`/jobs/${id}`);
  const job = new JobPage(page);
  await expect(job.state("applied")).toBeVisible();
  const panel = page.getByRole("tabpanel");
  await expect(panel).toContainText("t");
  await expect(panel).toContainText("7");
  await page.getByRole("tab", { name: "Input" }).click();
  await expect(panel).toContainText(sql);
  await page.getByRole("tab", { name: /^Result/ }).click();
  await expect(panel.getByRole("cell", { name: "8", exact: true })).toBeVisible();
});
