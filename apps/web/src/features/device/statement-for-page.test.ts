import { describe, expect, test } from "vitest";
import { statementForPage } from "./statement-for-page.ts";

const columns = (...types: string[]) => types.map((type, at) => ({ name: `c${at}`, type }));

describe("a statement for the engine in the page", () => {
  test("types that travel well leave it as it is", () => {
    expect(statementForPage("FROM t", columns("INTEGER", "VARCHAR[]", 'STRUCT("BIT" INTEGER)'))).toBe(
      "FROM t",
    );
  });

  test("ENUM, BIT and UHUGEINT become text, alone and inside other types", () => {
    const types = columns("ENUM('a', 'it''s (b)')", "BIT", 'STRUCT(u UHUGEINT, "BIT" BIT)[]', "BIGINT");
    expect(statementForPage("FROM t -- all; ", types)).toBe(
      "SELECT * REPLACE (" +
        'CAST("c0" AS VARCHAR) AS "c0", CAST("c1" AS VARCHAR) AS "c1", ' +
        'CAST("c2" AS STRUCT(u VARCHAR, "BIT" VARCHAR)[]) AS "c2") FROM (\nFROM t -- all\n)',
    );
  });
});
