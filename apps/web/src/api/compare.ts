import { createHash } from "node:crypto";
import type {
  ComparedTable,
  CompareQuery,
  ReaderCompare,
  RowComparison,
} from "@teatree/shared/contracts/compare";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { QUERY_HEADERS } from "@teatree/shared/contracts/query";
import { contentOf } from "@teatree/shared/control-db/versions";
import { z } from "zod";
import { isNotModified } from "../server/http/conditions.ts";
import { decodeCursor, encodeCursor } from "../server/http/cursors.ts";
import { invalidArguments } from "../server/http/issues.ts";
import { canonicalJson } from "../server/queue/content-hash.ts";
import { compareRows } from "../server/reads/compare-rows.ts";
import { compareTables, type TableFacts } from "../server/reads/compare-tables.ts";
import { requireVersion } from "../server/reads/find-model.ts";
import { queryIdFor } from "../server/reads/running-queries.ts";
import type { Handlers } from "./handler.ts";

const RowCursor = z.object({ offset: z.int().min(0), of: z.string() });

export const compareHandlers = {
  async compareVersions({ context, model, params, query, request, signal }) {
    const [a = 0, b = 0] = params.range.split("...").map(Number);
    const before = await requireVersion(context.pool, model, a);
    const after = await requireVersion(context.pool, model, b);
    const queryId = queryIdFor(request.headers[QUERY_HEADERS.queryId]);
    const etag = etagOf([model.id, before.version, before.hash, after.version, after.hash, query]);
    const headers = { etag, "cache-control": "private, no-cache", [QUERY_HEADERS.queryId]: queryId };
    if (isNotModified(request.headers, etag)) return { status: 304, body: undefined, headers };
    const [olds, news] = await Promise.all([
      contentOf(context.pool, model.id, before.version),
      contentOf(context.pool, model.id, after.version),
    ]);
    const tables = compareTables(olds, news);
    const body = {
      model: model.name,
      before: { version: before.version, hash: before.hash },
      after: { version: after.version, hash: after.hash },
      tables,
    };
    if (query.table === undefined) return { status: 200, body, headers };
    const table = tables.find(({ name }) => name === query.table);
    if (!table) {
      throw new TeatreeError("table_not_found", `Neither version has a table “${query.table}”.`, {
        details: { table: query.table },
      });
    }
    const key = wantedKey(query.key);
    // A cursor counts rows, so it means something only in the list that gave it.
    const of = etagOf([model.id, before.hash, after.hash, query.table, key, query.change]).slice(1, 13);
    const cursor = decodeCursor(RowCursor, query.cursor);
    if (cursor && cursor.of !== of) throw notThisList();
    if (table.sameContent) {
      const facts = news.find((one) => one.table === table.name);
      return { status: 200, body: { ...body, ...sameRows(table, facts?.columns ?? [], key) }, headers };
    }
    const { table: name, change, limit } = query;
    const wanted = { table: name, before: before.file, after: after.file, key, change, limit };
    const { nextOffset, ...rows } = await compareRows(
      context,
      model,
      { ...wanted, offset: cursor?.offset ?? 0 },
      { queryId, signal },
    );
    const nextCursor = nextOffset === null ? null : encodeCursor({ offset: nextOffset, of });
    return { status: 200, body: { ...body, ...rows, nextCursor }, headers };
  },
} satisfies Partial<Handlers>;

function wantedKey(key: CompareQuery["key"]): ReaderCompare["key"] {
  if (key === undefined) return null;
  if (key.trim() === "*") return "*";
  const names = [...new Set(key.split(",").map((name) => name.trim()))].filter((name) => name !== "");
  if (names.length === 0) throw invalidArguments([{ path: "key", message: "names no column" }]);
  return names;
}

/** Nothing wrote the table in between: no row of it need be read. */
function sameRows(
  { name, rowsAfter }: ComparedTable,
  columns: TableFacts["columns"],
  key: ReaderCompare["key"],
): RowComparison {
  const given = Array.isArray(key) ? key : [];
  const unknown = given.find((one) => !columns.some((column) => column.name === one));
  if (unknown !== undefined) {
    throw invalidArguments([{ path: "key", message: `no column “${unknown}” is in both versions` }]);
  }
  return {
    table: name,
    key: { columns: given, how: given.length > 0 ? "given" : "row" },
    counts: { added: 0, removed: 0, changed: 0, unchanged: rowsAfter ?? 0 },
    columns: columns.map(({ name: column, type }) => ({ name: column, type })),
    rows: [],
    nextCursor: null,
  };
}

function etagOf(parts: unknown[]): string {
  return `"${createHash("sha256").update(canonicalJson(parts)).digest("hex").slice(0, 32)}"`;
}

function notThisList(): TeatreeError {
  return invalidArguments([{ path: "cursor", message: "is not one that this list gave" }]);
}
