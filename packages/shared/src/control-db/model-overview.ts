import type { ModelId } from "../contracts/ids.ts";
import type { Db } from "./pool.ts";
import type { ContentRow, VersionRow } from "./versions.ts";

/** What lists of models show of a current version. */
export type ModelOverview = {
  version: Pick<VersionRow, "createdAt" | "bytes"> | undefined;
  tables: Pick<ContentRow, "table" | "rows" | "columns" | "writtenBy" | "writtenVersion" | "derivedFrom">[];
};

/** The current versions of many models with their tables by name, in two round trips whatever their number. */
export async function overviewsOf(db: Db, modelIds: ModelId[]): Promise<Map<ModelId, ModelOverview>> {
  const [versions, tables] = await Promise.all([
    db.query<{ modelId: ModelId; createdAt: Date; bytes: number }>(
      `SELECT v.model_id AS "modelId", v.created_at AS "createdAt", v.bytes
         FROM model_version v JOIN goal_model m ON m.id = v.model_id AND m.current_version = v.version
        WHERE m.id = ANY($1)`,
      [modelIds],
    ),
    db.query<ModelOverview["tables"][number] & { modelId: ModelId }>(
      `SELECT c.model_id AS "modelId", c.table_name AS "table", c.rows, c.columns, c.written_by AS "writtenBy",
              c.written_version AS "writtenVersion", c.derived_from AS "derivedFrom"
         FROM content_index c JOIN goal_model m ON m.id = c.model_id AND m.current_version = c.version
        WHERE m.id = ANY($1) ORDER BY c.table_name`,
      [modelIds],
    ),
  ]);
  const versionOf = new Map(versions.rows.map(({ modelId, ...version }) => [modelId, version]));
  const tablesOf = Map.groupBy(tables.rows, ({ modelId }) => modelId);
  return new Map(
    modelIds.map((id) => [id, { version: versionOf.get(id), tables: tablesOf.get(id) ?? [] }] as const),
  );
}
