import { createRequire } from "node:module";
import type { default as Polars } from "nodejs-polars";

/** nodejs-polars as it is, for comparing with. */
export const polars: typeof Polars = createRequire(import.meta.url)("nodejs-polars").default;

/** The frame that parity examples call `lf` and, made of values, `base`. */
export function writeBase(path: string): void {
  const day = (n: number) => new Date(Date.UTC(2024, 0, n, n, 2 * n, 3 * n));
  polars
    .DataFrame([
      polars.Series("id", [1, 2, 3, 4, 5, 6], polars.Int64),
      polars.Series("n", [0.5, 0.25, -0.5, 0.75, 1, 0.125]),
      polars.Series("x", [1, 2.5, null, 4, Number.NaN, 6]),
      polars.Series("k", ["a", "b", "a", "b", "a", "c"]),
      polars.Series("b", [true, false, null, true, true, false]),
      polars.Series("d", [1, 2, 3, 4, 6, 9].map(day)),
      polars.Series("l", [[1, 2, 3], [4], [6, 5], [5, 6], null, [7]]),
    ])
    .writeParquet(path);
}

/** Whole numbers from 0 on in `id`, with the columns `delay` and `carrier`. */
export function writeFlights(path: string, rows: number): void {
  const index = Array.from({ length: rows }, (_, at) => at);
  polars
    .DataFrame([
      polars.Series("id", index, polars.Int64),
      polars.Series(
        "delay",
        index.map((at) => at % 60),
        polars.Int32,
      ),
      polars.Series(
        "carrier",
        index.map((at) => `c${at % 7}`),
      ),
    ])
    .writeParquet(path);
}
