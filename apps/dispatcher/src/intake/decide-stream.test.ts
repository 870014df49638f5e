import { expect, test } from "vitest";
import { decideStream, type StreamSituation, type StreamStep } from "./decide-stream.ts";

const first = { created: "monday", firstSequence: 1 };
const table: [string, StreamSituation, StreamStep][] = [
  [
    "nothing was ever there: made from 1",
    { remembered: null, highestSequence: 0, actual: null },
    { what: "recreate", firstSequence: 1 },
  ],
  [
    "a fresh stream nobody noted: noted",
    { remembered: null, highestSequence: 0, actual: { ...first, lastSequence: 0 } },
    { what: "remember" },
  ],
  [
    "a stream nobody noted that web has published into: noted",
    { remembered: null, highestSequence: 3, actual: { ...first, lastSequence: 4 } },
    { what: "remember" },
  ],
  [
    "a stream nobody noted that is shorter than what is known: made again",
    { remembered: null, highestSequence: 3, actual: { ...first, lastSequence: 2 } },
    { what: "recreate", firstSequence: 4 },
  ],
  [
    "the stream as remembered: kept",
    { remembered: first, highestSequence: 7, actual: { ...first, lastSequence: 9 } },
    { what: "keep" },
  ],
  [
    "nothing published since the position: kept",
    { remembered: first, highestSequence: 7, actual: { ...first, lastSequence: 7 } },
    { what: "keep" },
  ],
  [
    "the stream is gone: made beyond the position",
    { remembered: first, highestSequence: 7, actual: null },
    { what: "recreate", firstSequence: 8 },
  ],
  [
    "another stream that begins below the position: made again",
    {
      remembered: first,
      highestSequence: 7,
      actual: { created: "tuesday", firstSequence: 1, lastSequence: 3 },
    },
    { what: "recreate", firstSequence: 8 },
  ],
  [
    "another stream that has grown past the position meanwhile: made again beyond both",
    {
      remembered: first,
      highestSequence: 7,
      actual: { created: "tuesday", firstSequence: 1, lastSequence: 30 },
    },
    { what: "recreate", firstSequence: 31 },
  ],
  [
    "another dispatcher made it well already: noted",
    {
      remembered: first,
      highestSequence: 7,
      actual: { created: "tuesday", firstSequence: 8, lastSequence: 9 },
    },
    { what: "remember" },
  ],
  [
    "an old copy of the store was put back: made again",
    { remembered: first, highestSequence: 7, actual: { ...first, lastSequence: 5 } },
    { what: "recreate", firstSequence: 8 },
  ],
];

test.each(table)("%s", (_name, situation, step) => {
  expect(decideStream(situation)).toEqual(step);
});
