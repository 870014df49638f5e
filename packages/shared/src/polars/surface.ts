import { DATA_FRAME } from "./surface/data-frame.ts";
import { EXPR } from "./surface/expr.ts";
import { EXPR_DT, EXPR_LIST, EXPR_STR, EXPR_STRUCT } from "./surface/expr-namespaces.ts";
import { GROUP_BY, LAZY_GROUP_BY, WINDOW_GROUP_BY } from "./surface/group-by.ts";
import { LAZY_FRAME } from "./surface/lazy-frame.ts";
import type { SurfaceClass } from "./surface/member.ts";
import { DATA_TYPE, NAMESPACE } from "./surface/namespace.ts";
import { SERIES } from "./surface/series.ts";
import { WHEN_THEN } from "./surface/when-then.ts";

/**
 * All that users' Polars code may use, in one table. The sandbox's whitelist, the classes inside of it, the editor's types and
 * the reference are made from it. What touches files, the process or callbacks is not here: SQLContext, read/scan/write/sink,
 * serialize, toJSON, inner, Config, map and apply.
 */
export const POLARS_SURFACE: readonly SurfaceClass[] = [
  NAMESPACE,
  LAZY_FRAME,
  LAZY_GROUP_BY,
  DATA_FRAME,
  GROUP_BY,
  WINDOW_GROUP_BY,
  EXPR,
  EXPR_STR,
  EXPR_DT,
  EXPR_LIST,
  EXPR_STRUCT,
  SERIES,
  ...WHEN_THEN,
  DATA_TYPE,
];

/** One line of the reference. */
export interface PolarsReferenceEntry {
  className: string;
  name: string;
  /** As TypeScript: `groupBy(by: Columns, maintainOrder?: boolean): LazyGroupBy`. */
  signature: string;
  doc: string;
}

/** The surface as a list, one entry for each way to call a method. */
export function polarsReference(): PolarsReferenceEntry[] {
  return POLARS_SURFACE.flatMap(({ name: className, members }) =>
    members.flatMap(({ name, kind, signatures, doc }) =>
      signatures.map((text) => ({
        className,
        name,
        signature: kind === "property" ? `${name}: ${text}` : `${name}${text}`,
        doc,
      })),
    ),
  );
}
