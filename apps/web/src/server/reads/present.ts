import type { Job, Step } from "@teatree/shared/contracts/jobs";
import type { Model, ModelTable } from "@teatree/shared/contracts/models";
import type { Version, VersionTable } from "@teatree/shared/contracts/versions";
import type { GoalModel } from "@teatree/shared/control-db/goal-models";
import type { IntentRow } from "@teatree/shared/control-db/intents";
import type { ModelOverview } from "@teatree/shared/control-db/model-overview";
import type { ContentRow, VersionRow } from "@teatree/shared/control-db/versions";
import { traceIdOf } from "@teatree/shared/runtime/traceparent";
import type { z } from "zod";

/** Rows of the control database as the contract shows them. */
export function presentModel(model: GoalModel, { version, tables }: ModelOverview): z.input<typeof Model> {
  return {
    id: model.id,
    name: model.name,
    description: model.description,
    currentVersion: model.currentVersion,
    createdAt: model.createdAt.toISOString(),
    updatedAt: (version?.createdAt ?? model.createdAt).toISOString(),
    sizeBytes: version?.bytes ?? 0,
    tables: presentTables(tables),
  };
}

/** A table is behind when one that it was computed from was written in a later version than it. */
export function presentTables(content: ModelOverview["tables"]): z.input<typeof ModelTable>[] {
  const writtenIn = new Map(content.map(({ table, writtenVersion }) => [table, writtenVersion]));
  return content.map(({ table, rows, columns, writtenBy, writtenVersion, derivedFrom }) => ({
    name: table,
    rows,
    columns,
    writtenBy,
    from: derivedFrom,
    behind: derivedFrom.some((source) => (writtenIn.get(source) ?? 0) > writtenVersion),
  }));
}

export function presentVersion(version: VersionRow, content: ContentRow[]): z.input<typeof Version> {
  const { parent, intents, bytes, newBytes, packBytes, hash, sha256, storageVersion, engineVersion } =
    version;
  return {
    version: version.version,
    parent,
    createdAt: version.createdAt.toISOString(),
    intents,
    tables: content.map(presentVersionTable),
    bytes,
    newBytes,
    packBytes,
    hash,
    sha256,
    storageVersion,
    engineVersion,
    archived: version.archivedAt !== null,
    name: version.name,
  };
}

function presentVersionTable(row: ContentRow): z.input<typeof VersionTable> {
  const { table, rows, rowsDelta, schemaHash, contentHash, columns, changed } = row;
  return { name: table, rows, rowsDelta, schemaHash, contentHash, columns, changed };
}

export type JobDetails = { steps: Step[]; position: number | undefined; withResult: boolean };

export function presentJob(intent: IntentRow, details: JobDetails): z.input<typeof Job> {
  const { id, modelId, status, attempts, baseVersion, version, submittedBy, progress, args } = intent;
  return {
    id,
    model: intent.modelName,
    modelId,
    function: intent.function,
    args,
    status,
    ...(details.position === undefined ? {} : { position: details.position }),
    attempts,
    baseVersion,
    version,
    submittedBy,
    submittedAt: intent.submittedAt.toISOString(),
    startedAt: intent.startedAt?.toISOString() ?? null,
    finishedAt: intent.finishedAt?.toISOString() ?? null,
    progress,
    steps: details.steps,
    ...(details.withResult && intent.result ? { result: intent.result } : {}),
    ...(intent.changes ? { changes: intent.changes } : {}),
    ...(intent.error ? { error: intent.error } : {}),
    notebookId: intent.notebookId,
    retryOf: intent.retryOf,
    traceId: traceIdOf(intent.traceparent),
  };
}
