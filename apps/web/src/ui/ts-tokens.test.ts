import { expect, test } from "vitest";
import { type TsLineState, tokenizeTsLine } from "./ts-tokens.ts";

function read(text: string): string[] {
  let state: TsLineState = "nothing";
  return text.split("\n").flatMap((line) => {
    const read = tokenizeTsLine(line, state);
    state = read.state;
    return read.tokens
      .filter(({ kind }) => !["space", "operator", "identifier"].includes(kind))
      .map(({ kind, from, to }) => `${kind} ${line.slice(from, to)}`);
  });
}

test.each([
  [
    'tables.flights.filter(pl.col("delay").gt(15))',
    ["function filter", "function col", 'string "delay"', "function gt", "number 15"],
  ],
  ["const late = true; // why", ["keyword const", "keyword true", "comment // why"]],
  ["x.delete(1)", ["function delete", "number 1"]],
  ["/* one\ntwo */ 1_000n", ["comment /* one", "comment two */", "number 1_000n"]],
  ["`a {b}\nc` + 'it\\'s'", ["string `a {b}", "string c`", "string 'it\\'s'"]],
  ['"never closed', ['string "never closed']],
])("%j is coloured", (text, expected) => expect(read(text)).toEqual(expected));

test("the tokens of a line are the whole line", () => {
  for (const line of ["({ pl }) => 1 / 2", "日本 = `x", "", "\t\\ # @", "a /* b"]) {
    const { tokens } = tokenizeTsLine(line, "nothing");
    expect(tokens.map(({ from, to }) => line.slice(from, to)).join("")).toBe(line);
  }
});
