import { expect, test } from "vitest";
import { attachment } from "./disposition.ts";

test.each([
  ["flights-v42.duckdb", 'attachment; filename="flights-v42.duckdb"'],
  [
    "Flüge (1).parquet",
    "attachment; filename=\"Fl_ge (1).parquet\"; filename*=UTF-8''Fl%C3%BCge%20%281%29.parquet",
  ],
  ['a"b\\c\r\nX: y', "attachment; filename=\"a_b_c__X: y\"; filename*=UTF-8''a%22b%5Cc%0D%0AX%3A%20y"],
  ["100%.csv", "attachment; filename=\"100_.csv\"; filename*=UTF-8''100%25.csv"],
])("%j is announced in plain ASCII, and exactly where ASCII is not enough", (name, expected) => {
  expect(attachment(name)).toBe(expected);
});
