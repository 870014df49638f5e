import { ResultReturnType, StatementType } from "@duckdb/node-api";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { SqlArgs } from "@teatree/shared/contracts/functions";
import type { JobResult } from "@teatree/shared/contracts/jobs";
import { engineNames } from "../gate/engine-names.ts";
import { sqlError } from "../gate/errors.ts";
import { checkNoShadows } from "../gate/object-rules.ts";
import { wordAt } from "../gate/pieces.ts";
import { type Admitted, admitWrites } from "../gate/statements.ts";
import { firstPage } from "../values/first-page.ts";
import { bindParams, parameterNames } from "../values/params.ts";
import type { Effect, FunctionContext } from "./context.ts";
import { readTables, writtenTables } from "./statement-tables.ts";
import { dropTemporary } from "./temporary.ts";

/** Runs the user's statements in order, each through the gate. The last one that yields rows gives the result. */
export async function sql(context: FunctionContext, args: SqlArgs): Promise<Effect> {
  const { connection } = context;
  const written = new Set<string>();
  const derivedFrom = new Set<string>();
  const bound = new Set<string>();
  let result: JobResult | undefined;
  let objects = false;
  let writes = 0;
  let rowsAdded: Effect["rowsAdded"];
  for await (const admitted of admitWrites(connection, args.sql)) {
    context.checkStopped();
    const { piece, prepared, type, visible } = admitted;
    if (visible) context.log("sql", shorten(piece.text));
    try {
      for (const name of parameterNames(prepared)) bound.add(name);
      bindParams(prepared, args.params);
      const page = await runOne(context, admitted);
      if (visible && page.result) result = page.result;
      if (type !== StatementType.SELECT) writes += 1;
      if (type !== StatementType.SELECT && page.changed !== 0) {
        const targets = await writtenTables(context, piece, type);
        const [table] = targets;
        const isPlain = isPlainInsert(piece) && targets.length === 1;
        if (isPlain && table !== undefined && page.changed !== undefined) {
          rowsAdded = { table, rows: page.changed };
        }
        for (const table of targets) written.add(table);
        for (const table of await readTables(context, piece))
          if (!targets.includes(table)) derivedFrom.add(table);
      }
      objects ||=
        type === StatementType.CREATE || type === StatementType.ALTER || type === StatementType.DROP;
    } catch (error) {
      throw sqlError(error, args.sql, piece.start);
    } finally {
      prepared.destroySync();
    }
  }
  checkAllBound(args, bound);
  if (objects) {
    await dropTemporary(connection);
    await checkNoShadows(connection, await engineNames(connection));
  }
  return {
    written,
    derivedFrom,
    result,
    schemaChanged: objects,
    // Beside another write the rows need not be at the end any more.
    ...(writes === 1 && rowsAdded ? { rowsAdded } : {}),
  };
}

/** Whether it can only have added rows: not one that replaces those in its way. */
function isPlainInsert({ tokens }: Admitted["piece"]): boolean {
  const startsPlain = wordAt(tokens, 0) === "insert" && wordAt(tokens, 1) === "into";
  return startsPlain && !tokens.some((_, index) => wordAt(tokens, index) === "conflict");
}

/** `changed` is undefined where the engine does not count, as for CREATE TABLE AS and RETURNING. */
async function runOne(
  context: FunctionContext,
  { prepared, type, visible }: Admitted,
): Promise<{ result?: JobResult; changed?: number }> {
  if (type === StatementType.SELECT) {
    const result = await firstPage(await prepared.stream());
    return visible ? { result } : {};
  }
  const result = await prepared.run();
  if (result.returnType === ResultReturnType.QUERY_RESULT) return { result: await firstPage(result) };
  if (result.returnType !== ResultReturnType.CHANGED_ROWS) return {};
  const changed = result.rowsChanged;
  context.log("info", `${changed.toLocaleString("en")} rows changed`);
  return { changed };
}

/** A named parameter that no statement uses is most likely misspelt. */
function checkAllBound(args: SqlArgs, bound: ReadonlySet<string>): void {
  if (args.params === undefined || Array.isArray(args.params)) return;
  for (const name of Object.keys(args.params)) {
    if (bound.has(name)) continue;
    throw new TeatreeError("invalid_arguments", `No statement uses the parameter $${name}.`, {
      details: { path: `args.params.${name}` },
    });
  }
}

function shorten(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 1999)}…` : text;
}
