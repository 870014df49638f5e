import { POLARS_SURFACE } from "@teatree/shared/polars/surface";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLES } from "./testing/parity/all-examples.ts";
import { parityScript } from "./testing/parity/example.ts";
import { polars } from "./testing/sample-files.ts";
import { startTestRunner, type TestRunner } from "./testing/start-test-runner.ts";

let sandbox: TestRunner;
beforeAll(async () => {
  sandbox = await startTestRunner();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

test("every member of the surface has one example, and there is none for anything else", () => {
  const members = POLARS_SURFACE.map(({ name, members }) => [
    name,
    members.map((member) => member.name).sort(),
  ]);
  const examples = Object.entries(EXAMPLES).map(([name, each]) => [name, Object.keys(each).sort()]);
  expect(Object.fromEntries(examples)).toEqual(Object.fromEntries(members));
});

test("every member gives in the sandbox what nodejs-polars gives directly", { timeout: 30_000 }, async () => {
  const cases = Object.fromEntries(
    Object.entries(EXAMPLES).flatMap(([name, each]) =>
      Object.entries(each).map(([member, code]) => [`${name}.${member}`, code]),
    ),
  );
  const script = parityScript(cases);
  const rows = await sandbox.records(script);
  const inside = Object.fromEntries(rows.map(({ name, result }) => [name, result]));
  const direct = await runDirectly(script, `${sandbox.folder}/base.parquet`);
  expect(inside).toEqual(direct);
  const failed = Object.entries(direct).filter(([, result]) => result.startsWith("failed: "));
  expect(failed).toEqual([]);
});

async function runDirectly(script: string, path: string): Promise<Record<string, string>> {
  const transform = new Function(`return ${script}`)();
  const frame = await transform({
    pl: polars,
    tables: { base: polars.scanParquet(path) },
    collect: (plan: ReturnType<typeof polars.scanParquet>) => plan.collectSync({ engine: "streaming" }),
  });
  const { name, result } = frame.toObject();
  return Object.fromEntries(name.map((key: string, index: number) => [key, result[index]]));
}
