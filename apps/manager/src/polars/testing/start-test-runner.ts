import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { createLogger } from "@teatree/shared/runtime/logger";
import type { PolarsAnswer, PolarsRequest } from "../protocol.ts";
import { type PolarsRunner, startPolarsRunner } from "../runner-host.ts";
import { polars, writeBase, writeFlights } from "./sample-files.ts";

const MEMORY_BYTES = 700 * 1024 * 1024;

/** A real runner with two tables, `base` and `flights`, and `flights` again as `other.flights`. */
export interface TestRunner {
  folder: string;
  runner: PolarsRunner;
  run(code: string, changes?: Partial<PolarsRequest>): Promise<PolarsAnswer>;
  /** What the code's error says; fails when there is none. */
  failure(code: string, changes?: Partial<PolarsRequest>): Promise<TeatreeError>;
  /** The rows of the code's result. */
  records(code: string, changes?: Partial<PolarsRequest>): Promise<Record<string, unknown>[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTestRunner(): Promise<TestRunner> {
  const folder = await mkdtemp(join(tmpdir(), "teatree-polars-"));
  const base = join(folder, "base.parquet");
  const flights = join(folder, "flights.parquet");
  writeBase(base);
  writeFlights(flights, 1000);
  const runner = startPolarsRunner({
    logger: createLogger("test", "silent"),
    threads: 2,
    memoryLimitBytes: MEMORY_BYTES,
    scratchDir: join(folder, "scratch"),
  });
  const flightsTable = { path: flights, columns: ["id", "delay", "carrier"] };
  const out = join(folder, "out.parquet");

  const run: TestRunner["run"] = (code, changes) =>
    runner.run(
      {
        code,
        params: {},
        tables: {
          base: { path: base, columns: ["id", "n", "x", "k", "b", "d", "l"] },
          flights: flightsTable,
          other: { flights: flightsTable },
        },
        out,
        limits: { timeoutMs: 10_000, rows: 100_000, bytes: 10_000_000 },
        ...changes,
      },
      new AbortController().signal,
    );

  return {
    folder,
    runner,
    run,
    async failure(code, changes) {
      try {
        await run(code, changes);
      } catch (error) {
        if (error instanceof TeatreeError) return error;
        throw error;
      }
      throw new Error(`It went through: ${code}`);
    },
    async records(code, changes) {
      await run(code, changes);
      return polars.readParquet(out).toRecords();
    },
    async [Symbol.asyncDispose]() {
      await runner.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
