import type { PolarsArgs } from "@teatree/shared/contracts/functions";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { StepName } from "@teatree/shared/contracts/jobs";
import type { Manifest } from "@teatree/shared/contracts/versions";
import type { Db } from "@teatree/shared/control-db/pool";
import { contentOf, findVersion, type VersionRow } from "@teatree/shared/control-db/versions";
import { recordSpan } from "@teatree/shared/runtime/tracing";
import type { Datasets, DatasetTable } from "../datasets/datasets.ts";
import type { PolarsAnswer, PolarsRequest } from "../polars/protocol.ts";
import type { PolarsRunner } from "../polars/runner-host.ts";
import type { ComputedRows } from "../writer/protocol.ts";
import { versionToRead } from "./version-to-read.ts";

export type ComputeContext = {
  db: Db;
  modelId: ModelId;
  datasets: Datasets;
  runner: PolarsRunner;
  limits: PolarsRequest["limits"];
  /** Told of what took how long, in order. */
  onStep?: (step: { name: StepName; startedAt: string; durationMs: number; detail: string }) => void;
};

export type Computed = { rows: ComputedRows; resolved: Manifest["reads"] };

type Place = (name: string) => string;

/**
 * Computes a Polars transform on the newest version of the model, with nothing of the model open. Throws the intent's own errors:
 * `polars_error`, `invalid_arguments`, `invalid_data`, `query_timeout`, `out_of_memory`, `result_too_large`, `cancelled`,
 * `model_not_found`, `version_not_found`.
 */
export async function computePolars(
  context: ComputeContext,
  args: PolarsArgs,
  place: Place,
  signal: AbortSignal,
): Promise<Computed> {
  const { db, modelId, runner, limits } = context;
  const began = Date.now();
  const base = await findVersion(db, modelId, "latest");
  const own = base ? await hydrated(context, base, args.code, place) : new Map<string, DatasetTable>();
  const others = new Map<string, Map<string, DatasetTable>>();
  const resolved: Manifest["reads"] = {};
  for (const [schema, read] of Object.entries(args.reads ?? {})) {
    const version = await versionToRead(db, modelId, read);
    others.set(schema, await hydrated(context, version, args.code, place));
    resolved[schema] = { model: version.modelId, version: version.version };
  }
  const count = own.size + [...others.values()].reduce((sum, tables) => sum + tables.size, 0);
  const computes = Date.now();
  report(context, "hydrate", began, computes - began, count === 1 ? "1 table" : `${count} tables`);
  const out = place("computed.parquet");
  const tables = {
    ...tablesOf(own),
    ...Object.fromEntries([...others].map(([schema, found]) => [schema, tablesOf(found)])),
  };
  const answer = await runner.run(
    { code: args.code, params: args.params ?? {}, tables, out, limits },
    signal,
  );
  const { startMs, planMs, collectMs, writeMs } = answer.durations;
  const plannedMs = startMs + planMs;
  report(context, "plan", computes, plannedMs, `${answer.isolation} sandbox`);
  const collectedRows = `${answer.rows.toLocaleString("en")} rows`;
  report(context, "collect", computes + plannedMs, collectMs + writeMs, collectedRows);
  const derivedFrom = answer.tablesRead.filter((table) => own.has(table));
  return { rows: { path: out, origins: originsOf(own, others, answer), derivedFrom }, resolved };
}

/** Tables whose names stand in the code: what it does not name it cannot read, so that nothing is exported in vain. */
async function hydrated(
  { db, datasets }: ComputeContext,
  version: VersionRow,
  code: string,
  place: Place,
): Promise<Map<string, DatasetTable>> {
  const content = await contentOf(db, version.modelId, version.version);
  return datasets.hydrate(
    version.file,
    content.filter(({ table }) => names(code, table)),
    place,
  );
}

/** Whether the name stands in the code by itself, not as a part of a longer one. */
function names(code: string, table: string): boolean {
  const name = table.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "u").test(code);
}

function tablesOf(tables: ReadonlyMap<string, DatasetTable>) {
  return Object.fromEntries(
    [...tables].map(([name, { path, columns }]) => [
      name,
      { path, columns: columns.map((column) => column.name) },
    ]),
  );
}

/** Columns of the tables that were read, where all that have the name agree on what it is. */
function originsOf(
  own: ReadonlyMap<string, DatasetTable>,
  others: ReadonlyMap<string, ReadonlyMap<string, DatasetTable>>,
  { tablesRead }: PolarsAnswer,
): ComputedRows["origins"] {
  const read = new Set(tablesRead);
  const tables = [...own].flatMap(([name, table]) => (read.has(name) ? [table] : []));
  for (const [schema, found] of others) {
    for (const [name, table] of found) if (read.has(`${schema}.${name}`)) tables.push(table);
  }
  const origins = new Map<string, ComputedRows["origins"][number] | null>();
  for (const { name, type, returned } of tables.flatMap(({ columns }) => columns)) {
    const known = origins.get(name);
    const isOther = known === null || (known !== undefined && known.type !== type);
    origins.set(name, isOther || returned === null ? null : { name, type, returned });
  }
  return [...origins.values()].filter((origin) => origin !== null);
}

/** `began` is in milliseconds since 1970. */
function report(
  { onStep }: ComputeContext,
  name: StepName,
  began: number,
  durationMs: number,
  detail: string,
): void {
  onStep?.({ name, startedAt: new Date(began).toISOString(), durationMs, detail });
  recordSpan(name, { detail }, began, durationMs);
}
