import { expect, test } from "../fixtures/test.ts";

test("the Polars reference is narrowed by a filter that the address keeps, and a class is reached by its link", async ({
  page,
}) => {
  await page.goto("/polars");
  const count = page.getByText(/^(\d+ of )?\d+ members$/);
  await expect(count).toHaveText(/^\d{3} members$/);
  const filter = page.getByRole("searchbox", { name: "Filter by name, class or description" });
  const classes = page.getByRole("navigation", { name: "Classes" });

  await classes.getByRole("link", { name: "Series", exact: true }).click();
  await expect(page).toHaveURL(/\/polars#Series$/);
  await expect(page.getByRole("heading", { name: "Series", exact: true })).toBeInViewport();

  await filter.fill("groupby agg");
  await expect(count).toHaveText(/^\d of \d{3} members$/);
  await expect(page).toHaveURL(/\/polars\?q=groupby\+agg$/);
  const lazyGroups = page.getByRole("region", { name: "LazyGroupBy" });
  await expect(lazyGroups).toContainText("agg(...columns: (Columns | Series)[]): LazyFrame");
  await expect(page.getByRole("region", { name: "Series" })).toHaveCount(0);

  await page.reload();
  await expect(filter).toHaveValue("groupby agg");
  await expect(count).toHaveText(/^\d of \d{3} members$/);
  await classes.getByRole("link", { name: "LazyGroupBy" }).click();
  await expect(page).toHaveURL(/\?q=groupby\+agg#LazyGroupBy$/);

  await filter.fill("scanParquet");
  await expect(page.getByText("Nothing matches this filter")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(count).toHaveText(/^\d{3} members$/);
  await expect(page).toHaveURL(/\/polars$/);
});
