import { expect, test } from "vitest";
import { createRecentlyUsed } from "./recently-used.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

function cache(limits: { most: number; heaviest: number }) {
  const made: string[] = [];
  const kept = createRecentlyUsed<string>({ ...limits, weigh: (value) => value.length });
  const get = async (value: string) => {
    const found = await kept.get(value, async () => {
      made.push(value);
      return value;
    });
    await settled();
    return found;
  };
  return { ...kept, get, made };
}

test("what was asked for last is kept, and the oldest goes", async () => {
  const { get, made } = cache({ most: 2, heaviest: 100 });
  for (const value of ["a", "b", "a", "c", "a", "b"]) expect(await get(value)).toBe(value);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("heavy ones make room for each other, and one that is too heavy alone is kept until the next", async () => {
  const { get, made } = cache({ most: 10, heaviest: 5 });
  for (const value of ["aa", "bb", "c", "dd", "bb", "aa"]) await get(value);
  expect(made).toEqual(["aa", "bb", "c", "dd", "aa"]);
  for (const value of ["eeeeeeeee", "eeeeeeeee", "f", "eeeeeeeee"]) await get(value);
  expect(made.slice(5)).toEqual(["eeeeeeeee", "f", "eeeeeeeee"]);
});

test("forgetting and replacing give back the weight", async () => {
  const { get, put, forget, made } = cache({ most: 10, heaviest: 5 });
  await get("aaaa");
  forget("aaaa");
  put("k", "kkkk");
  await settled();
  put("k", "k");
  await settled();
  await get("bbbb");
  await get("bbbb");
  expect(made).toEqual(["aaaa", "bbbb"]);
});

test("two who ask at once get one answer; a failure is made again", async () => {
  const kept = createRecentlyUsed<number>({ most: 2, heaviest: 10, weigh: () => 1 });
  let made = 0;
  const make = async () => {
    made += 1;
    if (made === 1) throw new Error("not yet");
    return made;
  };
  await expect(Promise.all([kept.get("a", make), kept.get("a", make)])).rejects.toThrow("not yet");
  await settled();
  expect(await kept.get("a", make)).toBe(2);
  expect(await kept.get("a", make)).toBe(2);
});
