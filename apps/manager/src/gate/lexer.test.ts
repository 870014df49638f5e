import { describe, expect, test } from "vitest";
import { tokenize } from "./lexer.ts";
import { splitStatements } from "./pieces.ts";

const kinds = (sql: string) => tokenize(sql).map((token) => `${token.kind}:${token.text}`);

describe("tokens", () => {
  test.each([
    ["SELECT a", ["word:SELECT", "word:a"]],
    ["'it''s; --'", ["string:it's; --"]],
    ['"a""b"', ['quoted:a"b']],
    ["E'\\x41\\101\\n\\''", ["string:AAn'"]],
    ["$$ ; $$", ["string: ; "]],
    ["$tag$ $$ ' $tag$", ["string: $$ ' "]],
    ["$1 + $name", ["sign:$", "number:1", "sign:+", "sign:$", "word:name"]],
    ["a/* x /* y */ z */b--c\nd", ["word:a", "word:b", "word:d"]],
    ["2FROM'x'", ["number:2", "word:FROM", "string:x"]],
    ["1e5.5 .5", ["number:1e5", "sign:.", "number:5", "sign:.", "number:5"]],
    ["read_text\u200d('x')", ["word:read_text", "sign:(", "string:x", "sign:)"]],
    ["a$b ünï", ["word:a$b", "word:ünï"]],
  ])("of %j", (sql, expected) => {
    expect(kinds(sql)).toEqual(expected);
  });

  test.each([
    ["SELECT 'x", 1, 8],
    ['SELECT\n "x', 2, 2],
    ["/* /* */", 1, 1],
    ["$$ x", 1, 1],
  ])("of %j are refused at line %i, column %i", (sql, line, column) => {
    expect(() => tokenize(sql)).toThrow(expect.objectContaining({ details: { line, column } }));
  });
});

test("statements are split at semicolons outside quotes and comments, and keep their place", () => {
  const sql = " SELECT ';' /* ; */;;\n-- ;\nSELECT $$;$$ ; ";
  expect(splitStatements(sql).map(({ text, start }) => [text, start])).toEqual([
    ["SELECT ';'", 1],
    ["SELECT $$;$$", sql.indexOf("SELECT $$")],
  ]);
});
