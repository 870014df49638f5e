import { expect, test } from "vitest";
import { type Candidate, decideRetention, type Policy } from "./decide-retention.ts";

const now = new Date("2026-06-30T12:00:00Z");
const EVERYTHING: Policy = { keepLast: null, keepDays: null };

/** Versions that each were current until so many days ago; the last one is current. */
function history(...daysAgo: number[]): Candidate[] {
  const versions = daysAgo.map((days) => ({ supersededAt: new Date(now.getTime() - days * 86_400_000) }));
  return [...versions, { supersededAt: null }].map(({ supersededAt }, index) => ({
    version: index + 1,
    supersededAt,
    name: null,
    isAskedFor: false,
    isUnarchived: false,
  }));
}

function but(versions: Candidate[], version: number, change: Partial<Candidate>): Candidate[] {
  return versions.map((each) => (each.version === version ? { ...each, ...change } : each));
}

const five = history(40, 20, 10, 1);

test.each<[string, Candidate[], Policy, number[]]>([
  ["everything is kept without a policy", five, EVERYTHING, []],
  ["the last ones are kept", five, { keepLast: 2, keepDays: null }, [1, 2, 3]],
  ["the current one is one of the last", five, { keepLast: 1, keepDays: null }, [1, 2, 3, 4]],
  ["what was current within the days is kept", five, { keepLast: null, keepDays: 15 }, [1, 2]],
  ["the last ones are kept however old", five, { keepLast: 4, keepDays: 1 }, [1]],
  ["the days hold however many", five, { keepLast: 1, keepDays: 30 }, [1]],
  ["to the very moment", history(15, 14), { keepLast: null, keepDays: 15 }, []],
  ["the current one stays alone", history(), { keepLast: 1, keepDays: null }, []],
  [
    "the current one stays however old",
    but(history(40), 2, { supersededAt: null }),
    { keepLast: null, keepDays: 1 },
    [1],
  ],
  ["a named one stays", but(five, 1, { name: "Q3 close" }), { keepLast: 1, keepDays: null }, [2, 3, 4]],
  [
    "one that an intent asks for stays",
    but(five, 2, { isAskedFor: true }),
    { keepLast: 1, keepDays: null },
    [1, 3, 4],
  ],
  [
    "one that waits for its archive stays",
    but(five, 4, { isUnarchived: true }),
    { keepLast: 1, keepDays: null },
    [1, 2, 3],
  ],
  ["their order does not matter", five.toReversed(), { keepLast: 2, keepDays: null }, [1, 2, 3]],
  ["a model without versions has none to remove", [], { keepLast: 1, keepDays: 1 }, []],
])("%s", (_, versions, policy, removed) => expect(decideRetention(versions, policy, now)).toEqual(removed));
