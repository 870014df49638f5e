import { polarsTypes } from "@teatree/shared/polars/polars-types";
import { beforeAll, describe, expect, test } from "vitest";
import type { TypeService } from "./protocol.ts";
import { createTypeService } from "./type-service.ts";

const tables = {
  flights: [
    { name: "origin", type: "VARCHAR" },
    { name: "delay", type: "BIGINT" },
  ],
};
const good = '({ pl, tables }) =>\n  tables.flights.groupBy("origin").agg(pl.len().alias("flights"))';

describe("types of Polars cells", () => {
  let types: TypeService;
  beforeAll(async () => {
    types = createTypeService();
    await types.setTypes(polarsTypes(tables));
  }, 60_000);

  test.each([
    ["a function", good],
    ["a function with a comment before it and a semicolon", `// why\n${good};`],
    ["a function that waits", "async ({ tables }) => (await tables.flights.collect()).head(3)"],
    ["statements that end in a frame", "const few = tables.flights.head(3);\nfew"],
    ["parameters", '({ pl, tables, params }) => tables.flights.filter(pl.col("delay").gt(params.most))'],
  ])("%s has no faults", async (_, code) => expect(await types.check(code)).toEqual([]));

  test("a typo is found at its place, with what was meant", async () => {
    const code = good.replace("tables.flights", "tables.fligths");
    const [fault] = await types.check(code);
    expect(fault).toMatchObject({ severity: "error", message: expect.stringContaining("flights") });
    expect(code.slice(fault?.from, fault?.to)).toBe("fligths");
  });

  test("what is not a frame is a fault of the text, never of what stands before it", async () => {
    for (const code of ["({ pl }) => 5", "({ pl }) => {\n  return 5;\n}", "  ({ pl, tables }) => {}"]) {
      const [fault] = await types.check(code);
      expect(fault?.from).toBeGreaterThanOrEqual(0);
      expect(fault?.to).toBeLessThanOrEqual(code.length);
    }
  });

  test("members are completed and described, of tables and of frames", async () => {
    const start = "({ pl, tables }) => tables.";
    expect((await types.complete(start, start.length)).map(({ name }) => name)).toEqual(["flights"]);
    const code = `${start}flights.`;
    const methods = await types.complete(code, code.length);
    expect(methods).toContainEqual(expect.objectContaining({ name: "groupBy", kind: "method" }));
    expect((await types.describe(code, code.length, "groupBy"))?.signature).toContain("groupBy(");
  });

  test("hover and signatures count in the text of the cell", async () => {
    const at = good.indexOf("groupBy");
    const hover = await types.hover(good, at + 2);
    expect(good.slice(hover?.from, hover?.to)).toBe("groupBy");
    expect((await types.signatures(good, at + "groupBy(".length))?.items[0]?.label).toContain("groupBy(");
  });
});
