import { TeatreeError } from "@teatree/shared/contracts/errors";
import { type ChildAnswer, type PolarsRequest, PolarsTable } from "../protocol.ts";
import { type Compiled, compile } from "./compile.ts";
import { createDispatch } from "./dispatch.ts";
import type { Guest, GuestRun, Outcome, Thrown } from "./guest.ts";
import type { Held } from "./handles.ts";
import { plainMessage, withArticle } from "./plain-message.ts";
import { pl } from "./polars.ts";
import { storeResult } from "./store-result.ts";
import type { GuestTables } from "./wire.ts";

/** One run: the user's code makes a plan, the plan is computed and written. Throws TeatreeErrors only for what the user can mend. */
export function runTransform(guest: Guest, request: PolarsRequest): ChildAnswer {
  const started = performance.now();
  const read = new Set<string>();
  const compiled = compile(request.code);
  const dispatch = createDispatch((schema, name) => {
    const table = tableNamed(request.tables, schema, name);
    read.add(schema === null ? name : `${schema}.${name}`);
    return openTable(table);
  });
  const outcome = runGuest(guest, {
    script: compiled.script,
    tables: tableNames(request.tables),
    params: request.params,
    deadline: started + request.limits.timeoutMs,
    answer: dispatch.answer,
  });
  if ("thrown" in outcome) throw userError(outcome.thrown, compiled, dispatch.failed());
  const held = frameOf(outcome, dispatch.heldAt);
  const planMs = performance.now() - started;
  const { collectMs, writeMs, ...stored } = storeOrExplain(held, request);
  return { ...stored, tablesRead: [...read].sort(), durations: { planMs, collectMs, writeMs } };
}

function runGuest(guest: Guest, run: GuestRun): ReturnType<Guest["run"]> {
  try {
    return guest.run(run);
  } catch (error) {
    // QuickJS has a limit of its own; where V8's is reached before it, the code is still the reason.
    if (error instanceof RangeError)
      throw new TeatreeError("polars_error", "The code calls itself too deeply.");
    throw error;
  }
}

function frameOf(outcome: Outcome, heldAt: (handle: number) => Held): Held {
  const wanted = "End with a LazyFrame or DataFrame";
  if ("kind" in outcome) {
    const got = outcome.kind === "nothing" ? "the code gave nothing" : `the code gave ${outcome.kind}`;
    throw new TeatreeError("polars_error", `${wanted}: ${got}.`);
  }
  const held = heldAt(outcome.handle);
  if (held.className !== "LazyFrame" && held.className !== "DataFrame") {
    const hint = held.className === "LazyGroupBy" || held.className === "GroupBy" ? " Add .agg(…)." : "";
    throw new TeatreeError("polars_error", `${wanted}: the code gave ${withArticle(held.className)}.${hint}`);
  }
  return held;
}

function storeOrExplain(held: Held, { out, limits }: PolarsRequest): ReturnType<typeof storeResult> {
  try {
    return storeResult(held, out, limits);
  } catch (error) {
    if (error instanceof TeatreeError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new TeatreeError("polars_error", plainMessage(message), { cause: error });
  }
}

function userError({ name, message, stack }: Thrown, { placeOf }: Compiled, failed?: string): TeatreeError {
  if (name === "InternalError" && message === "out of memory") {
    return new TeatreeError(
      "out_of_memory",
      "The code itself, beside Polars, needs more memory than it may use.",
    );
  }
  const said = message === "" ? "The code threw an error without a message." : plainMessage(message);
  return new TeatreeError("polars_error", said, { details: { ...placeOf(stack, failed), kind: name } });
}

function tableNamed(tables: PolarsRequest["tables"], schema: string | null, name: string): PolarsTable {
  const at = schema === null ? tables : Object.hasOwn(tables, schema) ? tables[schema] : undefined;
  const table = PolarsTable.safeParse(
    at !== undefined && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
  );
  if (!table.success) throw new TypeError("There is no such table.");
  return table.data;
}

/** Only the columns that the request names: the file may hold more. */
function openTable({ path, columns }: PolarsTable): object {
  const scan = pl.scanParquet(path, { glob: false });
  const { columns: there } = scan;
  const same = there.length === columns.length && columns.every((name, index) => there[index] === name);
  return same ? scan : scan.select(columns.map((name) => pl.col(name)));
}

function tableNames(tables: PolarsRequest["tables"]): GuestTables {
  const own: string[] = [];
  const schemas: { name: string; tables: string[] }[] = [];
  for (const [name, table] of Object.entries(tables)) {
    if (PolarsTable.safeParse(table).success) own.push(name);
    else schemas.push({ name, tables: Object.keys(table) });
  }
  return { own, schemas };
}
