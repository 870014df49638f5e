import { ModelId } from "@teatree/shared/contracts/ids";
import { expect, test } from "vitest";
import { canonicalJson, contentHash } from "./content-hash.ts";

test("the order of fields means nothing, the order of a list does", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
});

test("model, function, arguments and base version each make another intent", () => {
  const modelId = ModelId.parse("0190c7d2-0000-7000-8000-000000000000");
  const other = ModelId.parse("0190c7d2-0000-7000-8000-000000000001");
  const intent = { modelId, function: "sql", args: { sql: "x" }, baseVersion: null };
  const hashes = [
    intent,
    { ...intent, modelId: other },
    { ...intent, function: "append" },
    { ...intent, args: { sql: "y" } },
    { ...intent, baseVersion: 1 },
  ].map(contentHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});
