import { ModelId } from "@teatree/shared/contracts/ids";
import { expect, test } from "vitest";
import { queryEtag, resultTypeFor } from "./query-request.ts";

const arrow = "application/vnd.apache.arrow.stream";

test.each([
  [undefined, arrow],
  ["*/*", arrow],
  ["application/*", arrow],
  ["text/*", "text/csv"],
  ["TEXT/CSV", "text/csv"],
  ["application/json, */*;q=0.1", "application/json"],
  ["text/csv;q=0.2, application/json;q=0.7", "application/json"],
  ["text/html,application/xhtml+xml,*/*;q=0.8", arrow],
])("Accept %j gives %s", (accept, expected) => {
  expect(resultTypeFor(accept)).toBe(expected);
});

test.each(["text/html", "application/json;q=0", "image/*"])("Accept %j cannot be served", (accept) => {
  expect(() => resultTypeFor(accept)).toThrow("Answers come as");
});

test("the tag does not depend on the order of parameters, but on everything else", () => {
  const version = {
    modelId: ModelId.parse("0190c7d2-0000-7000-8000-000000000000"),
    version: 1,
    hash: "h1",
    file: "f",
  };
  const base = queryEtag({ sql: "s", params: { a: 1, b: 2 } }, "text/csv", version, {});
  expect(queryEtag({ sql: "s", params: { b: 2, a: 1 } }, "text/csv", version, {})).toBe(base);
  const others = [
    queryEtag({ sql: "s", params: { a: 2, b: 1 } }, "text/csv", version, {}),
    queryEtag({ sql: "s", params: { a: 1, b: 2 }, limit: 1 }, "text/csv", version, {}),
    queryEtag({ sql: "s", params: { a: 1, b: 2 } }, "application/json", version, {}),
    queryEtag({ sql: "s", params: { a: 1, b: 2 } }, "text/csv", { ...version, hash: "h2" }, {}),
    queryEtag({ sql: "s", params: { a: 1, b: 2 } }, "text/csv", version, { air: version }),
  ];
  expect(new Set([base, ...others]).size).toBe(6);
});
