import { expect, test } from "vitest";
import { wordVersions } from "./version-ranges.ts";

test.each([
  [[], "none"],
  [[3], "3"],
  [[9, 8, 7, 5], "5 and 7 to 9"],
  [[1, 2, 4], "1, 2 and 4"],
  [[1, 3, 5, 7, 9, 11, 13, 15], "…, 5, 7, 9, 11, 13 and 15"],
])("%j reads as %s", (versions, words) => expect(wordVersions(versions)).toBe(words));
