import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { FunctionCall as Call } from "@teatree/shared/contracts/functions";
import { Preview } from "@teatree/shared/contracts/preview";
import { describe, expect, test } from "vitest";
import { openedModels } from "../testing/opened-models.ts";
import { sql, type TestModel } from "../testing/test-model.ts";

const models = openedModels();

const SETUP = `
  CREATE TABLE flights AS SELECT range AS id, 'F' || range AS name, range % 100 AS delay FROM range(1000);
  CREATE TABLE airports (iata VARCHAR PRIMARY KEY, rows_seen BIGINT, tags VARCHAR[]);
  INSERT INTO airports VALUES ('TXL', 1, ['a']), ('FRA', 2, []), ('MUC', 3, NULL)`;

async function openFlights(): Promise<TestModel> {
  const model = await models.open();
  await model.start();
  await model.send(await model.submit([sql(SETUP)]));
  return model;
}

function preview(model: TestModel, call: FunctionCall, baseVersion: number | null = null): Promise<Preview> {
  return model.call("POST", "/preview", "preview", Preview, { call, baseVersion });
}

const touched = ({ tables }: Preview) => tables.filter(({ change }) => change !== "unchanged");

describe("a preview", () => {
  test("says what the intent then does, for each function", async () => {
    const model = await openFlights();
    const calls: unknown[] = [
      { function: "append", args: { table: "flights", rows: [{ id: 5000, name: "new", delay: 1 }] } },
      { function: "append", args: { table: "fresh", rows: [{ a: 1 }, { a: 2 }] } },
      {
        function: "upsert",
        args: {
          table: "airports",
          key: ["iata"],
          rows: [
            { iata: "TXL", rows_seen: 9 },
            { iata: "BER", rows_seen: 1 },
          ],
        },
      },
      { function: "update", args: { table: "flights", set: { delay: -1 }, where: { delay: 7 } } },
      { function: "delete", args: { table: "flights", where: { delay: 8 } } },
      { function: "sql", args: { sql: "UPDATE flights SET name = 'x' WHERE id < 5; DROP TABLE fresh" } },
      {
        function: "sql",
        args: {
          sql: "ALTER TABLE flights ADD COLUMN late BOOLEAN; UPDATE flights SET late = true WHERE delay > 90",
        },
      },
      {
        function: "sql",
        args: { sql: "CREATE OR REPLACE TABLE flights AS SELECT id, name, delay FROM flights WHERE id > 9" },
      },
      { function: "restore", args: { version: 1 } },
    ];
    for (const each of calls) {
      const call = Call.parse(each);
      const told = await preview(model, call);
      const items = await model.submit([call]);
      await model.send(items);
      const [done] = await model.intents(items);
      expect(done?.status).toBe("applied");
      expect(
        touched(told).map(({ table, rowsBefore, rowsAfter }) => ({ table, rowsBefore, rowsAfter })),
      ).toEqual(done?.changes);
    }
  });
});
