import { expect, test } from "vitest";
import { placeFromPath } from "./place.ts";

const labels = (path: string) => placeFromPath(path).trail.map(({ label }) => label);

test.each([
  ["/", ["Home"]],
  ["/models", ["Models"]],
  ["/models/flights", ["Models", "flights"]],
  ["/models/flights/versions", ["Models", "flights", "Versions"]],
  ["/models/flights/versions/3", ["Models", "flights", "Versions", "v3"]],
  ["/models/flights/tables/caf%C3%A9", ["Models", "flights", "café"]],
  ["/jobs/019ab3f2-0000", ["Jobs", "019ab3f2"]],
  ["/nothing", ["Not found"]],
  ["/models/%E0%A4%A", ["Models", "%E0%A4%A"]],
])("%s is named by its path", (path, trail) => expect(labels(path)).toEqual(trail));

test("the last place is not a link and the ones before it are", () => {
  const { trail, model } = placeFromPath("/models/flights/versions/3");
  expect(trail.map(({ href }) => href)).toEqual([
    "/models",
    "/models/flights",
    "/models/flights/versions",
    undefined,
  ]);
  expect(model).toBe("flights");
});
