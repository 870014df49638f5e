import { rmSync, statSync } from "node:fs";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ChildAnswer, PolarsLimits } from "../protocol.ts";
import { collectNow } from "./collect.ts";
import { columnType } from "./column-types.ts";
import type { Held } from "./handles.ts";
import type { pl } from "./polars.ts";

const MOST_COLUMNS = 2000;

type DataFrame = ReturnType<typeof pl.DataFrame>;

/** Computes what the transform gave, checks it and writes it to `path` as Parquet. */
export function storeResult(
  { className, value }: Held,
  path: string,
  limits: PolarsLimits,
): Pick<ChildAnswer, "rows" | "columns" | "bytes"> & { collectMs: number; writeMs: number } {
  const started = performance.now();
  const frame = className === "LazyFrame" ? collectNow(value) : (value as DataFrame);
  const collected = performance.now();
  const columns = checkColumns(frame);
  if (frame.height > limits.rows) {
    throw new TeatreeError("result_too_large", `The result has more than ${limits.rows} rows.`);
  }
  frame.writeParquet(path, { compression: "zstd" });
  const bytes = statSync(path).size;
  if (bytes > limits.bytes) {
    rmSync(path);
    throw new TeatreeError("result_too_large", `The result is larger than ${limits.bytes} bytes.`);
  }
  return {
    rows: frame.height,
    columns,
    bytes,
    collectMs: collected - started,
    writeMs: performance.now() - collected,
  };
}

function checkColumns(frame: DataFrame): ChildAnswer["columns"] {
  const names = frame.columns;
  if (names.length === 0) throw wrong("The result has no columns.");
  if (names.length > MOST_COLUMNS) {
    throw new TeatreeError(
      "result_too_large",
      `The result has ${names.length} columns; ${MOST_COLUMNS} are allowed.`,
    );
  }
  const seen = new Map<string, string>();
  for (const name of names) {
    if (name.trim() === "") throw wrong("A column of the result has no name: name it with .alias(…).");
    const same = seen.get(name.toLowerCase());
    if (same !== undefined) {
      throw wrong(
        `Two columns of the result are called ${same} and ${name}: upper and lower case are one here.`,
      );
    }
    seen.set(name.toLowerCase(), name);
  }
  return names.map((name) => {
    const found = columnType(typeOf(frame, name));
    if ("unsupported" in found) throw wrong(`Column ${name} of the result: ${found.unsupported}.`);
    return { name, type: found.type };
  });
}

/** As the native side tells it, which has no word in JavaScript for binary values, alone or within others. */
function typeOf(frame: DataFrame, name: string): unknown {
  try {
    return Reflect.get(frame.select(name), "_df").dtypes()[0];
  } catch (error) {
    if (error instanceof Error && error.message.includes("Binary")) return "Binary";
    throw error;
  }
}

function wrong(message: string): TeatreeError {
  return new TeatreeError("polars_error", message);
}
