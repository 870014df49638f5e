"use client";

import { useQuery } from "@tanstack/react-query";
import type { Model } from "@teatree/shared/contracts/models";
import { useMemo } from "react";
import { api } from "../../clients/page-api.ts";
import { versionQuery } from "../../clients/queries.ts";
import { COMMON_FUNCTIONS } from "./sql/common-functions.ts";
import type { Catalog, CatalogTable } from "./sql/sql-completions.ts";

const NO_TABLES: readonly CatalogTable[] = [];

/** Tables of the version the selected cell reads, and the engine's functions. */
export function useCatalog(model: Model | null, version: number | "latest"): Catalog & { version: number } {
  const current = model?.currentVersion ?? 0;
  const pinned = version !== "latest" && version !== current ? version : null;
  const old = useQuery({
    ...versionQuery(model?.name ?? "", pinned ?? 0),
    enabled: model !== null && pinned !== null,
  });
  const functions = useQuery({
    queryKey: ["functions of the engine", model?.id ?? null],
    enabled: current > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => functionNames(model?.name ?? "", signal),
  });
  const tables = pinned === null ? (model?.tables ?? NO_TABLES) : (old.data?.tables ?? NO_TABLES);
  const names = functions.data ?? COMMON_FUNCTIONS;
  return useMemo(
    () => ({ tables, functions: names, version: pinned ?? current }),
    [tables, names, pinned, current],
  );
}

/** The engine knows its functions best; operators and internal names are left out. */
async function functionNames(model: string, signal: AbortSignal): Promise<readonly string[]> {
  const sql = "SELECT DISTINCT function_name FROM duckdb_functions() ORDER BY ALL";
  const { rows } = await api.queryJson(model, { sql, limit: 5000 }, { signal });
  const names = rows.map(([name]) => String(name)).filter((name) => /^[a-z][a-z0-9_]*$/.test(name));
  return names.length > 0 ? names : COMMON_FUNCTIONS;
}
