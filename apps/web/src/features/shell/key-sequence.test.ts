import { describe, expect, test } from "vitest";
import { keysForPeople, nameOfPress, step } from "./key-sequence.ts";

const bare = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const shortcuts = [
  { id: "home", keys: "g h" },
  { id: "jobs", keys: "g j" },
  { id: "palette", keys: "Mod+k" },
  { id: "follow", keys: "f" },
];

describe("key presses", () => {
  test.each([
    [{ ...bare, key: "g" }, "g"],
    [{ ...bare, key: "?", shiftKey: true }, "?"],
    [{ ...bare, key: "k", ctrlKey: true }, "Mod+k"],
    [{ ...bare, key: "K", metaKey: true }, "Mod+k"],
    [{ ...bare, key: "Enter", ctrlKey: true, shiftKey: true }, "Mod+Shift+Enter"],
    [{ ...bare, key: "Shift", shiftKey: true }, undefined],
  ])("%j is named %s", (press, name) => expect(nameOfPress(press)).toBe(name));
});

describe("sequences", () => {
  test("the first press of a pair waits", () => {
    expect(step("", "g", shortcuts)).toEqual({ run: undefined, pending: "g" });
  });
  test("the second press runs it", () => {
    expect(step("g", "h", shortcuts)).toEqual({ run: "home", pending: "" });
  });
  test("a press that completes nothing is looked at for itself", () => {
    expect(step("g", "f", shortcuts)).toEqual({ run: "follow", pending: "" });
    expect(step("g", "x", shortcuts)).toEqual({ run: undefined, pending: "" });
    expect(step("g", "g", shortcuts)).toEqual({ run: undefined, pending: "g" });
  });
});

test("people read keys as words", () => {
  expect(keysForPeople("Mod+k", false)).toBe("Ctrl K");
  expect(keysForPeople("Mod+k", true)).toBe("Cmd K");
  expect(keysForPeople("g h", false)).toBe("g h");
});
