import { TeatreeError } from "@teatree/shared/contracts/errors";
import { describe, expect, test } from "vitest";
import { errorOfEngine, errorOfServer, placeIn, suggestionIn } from "./run-errors.ts";

const unknownColumn = `Binder Error: Referenced column "dely" not found in FROM clause!
Candidate bindings: "delay", "destination"

LINE 2: WHERE dely > 3
              ^`;

describe("errors of a run", () => {
  test("the engine's caret is found in the statement", () => {
    expect(placeIn(unknownColumn, "SELECT *\nWHERE dely > 3")).toEqual({ line: 2, column: 7 });
  });

  test("in a long line, which the engine shows cut, too", () => {
    const sql = `SELECT ${"a_long_name + ".repeat(20)}nope, 1`;
    const from = sql.indexOf("nope") - 30;
    const excerpt = `...${sql.slice(from, from + 60)}...`;
    const message = `Binder Error: x\n\nLINE 1: ${excerpt}\n${" ".repeat("LINE 1: ".length + 3 + 30)}^`;
    expect(placeIn(message, sql)?.column).toBeLessThanOrEqual(sql.indexOf("nope") + 1);
    expect(placeIn("Out of memory", sql)).toBeNull();
  });

  test("the name that was probably meant is offered", () => {
    expect(suggestionIn(unknownColumn)).toEqual({ wrong: "dely", right: "delay" });
    expect(
      suggestionIn('Catalog Error: Table with name flight does not exist!\nDid you mean "flights"?'),
    ).toEqual({
      wrong: "flight",
      right: "flights",
    });
    expect(suggestionIn('Parser Error: syntax error at or near "FORM"')).toBeNull();
  });

  test("the message does not repeat what the editor marks", () => {
    const error = errorOfEngine(new Error(unknownColumn), "SELECT *\nWHERE dely > 3");
    expect(error).toEqual({
      code: "sql_error",
      message:
        'Binder Error: Referenced column "dely" not found in FROM clause!\nCandidate bindings: "delay", "destination"',
      line: 2,
      column: 7,
      suggestion: { wrong: "dely", right: "delay" },
    });
  });

  test("the server's place comes through, and anything else keeps its text", () => {
    const error = new TeatreeError("sql_error", "syntax error", { details: { line: 3, column: 8 } });
    expect(errorOfServer(error)).toMatchObject({ code: "sql_error", line: 3, column: 8 });
    expect(errorOfServer(new Error("odd"))).toMatchObject({ code: "internal", message: "odd" });
  });
});
