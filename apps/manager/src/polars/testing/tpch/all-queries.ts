import { NATION_QUERIES } from "./nations.ts";
import { ORDER_QUERIES } from "./orders.ts";
import { PART_QUERIES } from "./parts.ts";
import type { TpchQuery } from "./query.ts";
import { SALES_QUERIES } from "./sales.ts";
import { SUPPLIER_QUERIES } from "./suppliers.ts";

/** All 22, by number. */
export const TPCH_QUERIES: readonly TpchQuery[] = [
  ...SALES_QUERIES,
  ...NATION_QUERIES,
  ...ORDER_QUERIES,
  ...PART_QUERIES,
  ...SUPPLIER_QUERIES,
].sort((a, b) => a.number - b.number);
