import { hash } from "node:crypto";
import { link, stat } from "node:fs/promises";
import { join } from "node:path";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { ModelId } from "@teatree/shared/contracts/ids";
import type { JobResult, TableChange } from "@teatree/shared/contracts/jobs";
import { type BatchItem, VersionFile } from "@teatree/shared/contracts/manager-api";
import { commitFork } from "@teatree/shared/control-db/commit-fork";
import type { Pool } from "@teatree/shared/control-db/pool";
import { type ContentRow, contentOf } from "@teatree/shared/control-db/versions";
import type { WorkDir } from "../lease/work-dir.ts";
import type { Publisher } from "../publish/publisher.ts";
import type { WriterOutcome } from "../writer/protocol.ts";
import type { FileCall } from "./decide.ts";
import { refuseCurrent, refuseEmpty, refuseTakenName, requireVersion } from "./file-call-rules.ts";
import { noteBase } from "./live-base.ts";
import type { LiveFile } from "./live-file.ts";
import { type ModelState, nameOf } from "./model-state.ts";

export type FileFunctionContext = {
  pool: Pool;
  modelId: ModelId;
  epoch: number;
  live: LiveFile;
  publisher: Publisher;
};

/** Another manager holds the model: whatever was made is void. */
export class ForkLostError extends Error {}

type Item<Name> = { item: BatchItem; args: Extract<FileCall, { function: Name }>["args"] };

/**
 * Runs a function about the whole file. Its outcome stands in the ledger of the live file when it resolves. Throws the intent's own
 * errors, with nothing changed: `version_not_found`, `version_removed`, `version_current`, `model_exists`, `sql_error`.
 */
export async function runFileFunction(
  context: FileFunctionContext,
  state: ModelState,
  item: BatchItem,
  call: FileCall,
): Promise<WriterOutcome> {
  switch (call.function) {
    case "restore":
      return restore(context, state, { item, args: call.args });
    case "compact":
      return compact(context, state, item);
    case "fork":
      return fork(context, { item, args: call.args });
  }
}

/** The version's own blocks become the live file; only the ledger goes on. */
async function restore(
  context: FileFunctionContext,
  state: ModelState,
  { item, args }: Item<"restore">,
): Promise<WriterOutcome> {
  const start = performance.now();
  const { live, modelId, pool } = context;
  refuseCurrent(args.version, state.current?.version);
  const version = await requireVersion(pool, modelId, args.version);
  const { changes, written } = difference(state.content, await contentOf(pool, modelId, version.version));
  return live.replace(async (folder) => {
    await context.publisher.write(VersionFile.parse(version.file), folder.liveFile);
    const outcome = outcomeOf(item, start, { changes, written: Object.keys(written) });
    await goOn(live, folder, { outcome, written });
    await noteBase(folder.path, nameOf(version.file));
    return outcome;
  });
}

/** Every table, view and index is written anew, one after the other, into a file without dead space. */
async function compact(
  context: FileFunctionContext,
  state: ModelState,
  item: BatchItem,
): Promise<WriterOutcome> {
  const start = performance.now();
  refuseEmpty(state.current);
  const { live } = context;
  return live.replace(async (folder) => {
    const before = await stagedLive(live, folder);
    const writer = await live.openAside(folder, before).catch(whyNotCompacted);
    await writer.close();
    const bytes = [(await stat(before)).size, (await stat(folder.liveFile)).size];
    const outcome = outcomeOf(item, start, { result: resultOf(["bytes before", "bytes after"], bytes) });
    await goOn(live, folder, { outcome, written: {} });
    await noteBase(folder.path, null);
    return outcome;
  });
}

/** DuckDB copies table by table, and a table must not refer to rows that are still to come. */
function whyNotCompacted(error: unknown): never {
  if (!(error instanceof TeatreeError) || !/foreign key/i.test(error.message)) throw error;
  throw new TeatreeError(
    "sql_error",
    "The file cannot be compacted while tables refer to each other by foreign keys. Nothing was changed.",
    { cause: error },
  );
}

/** A new model, whose first version has the blocks of this one's and an identity of its own. */
async function fork(context: FileFunctionContext, { item, args }: Item<"fork">): Promise<WriterOutcome> {
  const start = performance.now();
  const { live, modelId, pool, publisher } = context;
  const { intentId, submittedBy } = item.intent;
  const id = forkedModelId(intentId);
  await refuseTakenName(pool, args.name, id);
  const version = await requireVersion(pool, modelId, args.version);
  const content = await contentOf(pool, modelId, version.version);
  const result = resultOf(["model", "version"], [args.name, 1]);
  const outcome = outcomeOf(item, start, { result });
  const createdAt = new Date();
  const identity = {
    model: id,
    version: 1,
    createdAt: createdAt.toISOString(),
    parent: null,
    intents: [intentId],
  };
  const committed = await live.aside(async (folder) => {
    await publisher.write(VersionFile.parse(version.file), folder.liveFile);
    const writer = await live.openAside(folder);
    try {
      await writer.continueLedger({ outcome, written: {} });
      const checkpointed = await writer.checkpoint({ ...identity, parentHash: version.hash });
      const { ledgerHead, tables, storageVersion, engineVersion, blockSize } = checkpointed;
      const published = await publisher.publish({
        ...identity,
        liveFile: folder.liveFile,
        epoch: 1,
        base: nameOf(version.file),
        keep: [],
        reads: {},
        ledgerHead,
        tables,
        storageVersion,
        engineVersion,
        blockSize,
      });
      const { file, pack, packBytes, bytes, newBytes, hash: root, owners } = published;
      return await commitFork(pool, {
        id,
        name: args.name,
        createdBy: submittedBy,
        from: { modelId, version: version.version, epoch: context.epoch },
        position: item.sequence,
        epoch: 1,
        version: {
          version: 1,
          parent: null,
          createdAt,
          intents: [intentId],
          bytes,
          newBytes,
          hash: root,
          storageVersion,
          engineVersion,
          file,
          pack,
          packBytes,
          packModels: owners,
          content: content.map(({ archiveSeries: _s, archiveParts: _p, version: _v, ...row }) => ({
            ...row,
            appendedFrom: null,
            rowsDelta: row.rows,
            changed: true,
            writtenVersion: 1,
          })),
        },
      });
    } finally {
      await writer.close();
    }
  });
  if (committed === "lost") throw new ForkLostError("the model belongs to another manager");
  const writer = await live.writer();
  return writer.apply({
    sequence: item.sequence,
    intentId,
    call: item.intent.call,
    verdict: { status: "applied", result },
    timeoutMs: 60_000,
  });
}

/** The same for the same intent, so that a second try finds the model that a first one made. RFC 9562, version 8. */
export function forkedModelId(intentId: string): ModelId {
  const hex = hash("sha256", `teatree-fork\n${intentId}`, "hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return ModelId.parse(parts.join("-"));
}

/** The live file, closed and at rest, where the writer of another folder may read it. */
async function stagedLive(live: LiveFile, folder: WorkDir): Promise<string> {
  const path = join(folder.stagingDir, "before.duckdb");
  await link(live.dir().liveFile, path);
  return path;
}

/** Makes the ledger in the new file go on, and leaves the file without a log. */
async function goOn(
  live: LiveFile,
  folder: WorkDir,
  entry: { outcome: WriterOutcome; written: Record<string, string | null> },
): Promise<void> {
  const path = join(folder.stagingDir, "ledger.duckdb");
  await link(live.dir().liveFile, path);
  const writer = await live.openAside(folder);
  try {
    await writer.continueLedger({ ...entry, ledgerFrom: path });
  } finally {
    await writer.close();
  }
}

/** What becomes of each table when the content of one version takes the place of another's. */
function difference(
  before: Pick<ContentRow, "table" | "rows" | "contentHash" | "schemaHash">[],
  after: ContentRow[],
): { changes: TableChange[]; written: Record<string, string | null> } {
  const old = new Map(before.map((row) => [row.table, row]));
  const now = new Map(after.map((row) => [row.table, row]));
  const changes: TableChange[] = [];
  const written: Record<string, string | null> = {};
  for (const table of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(table), now.get(table)];
    if (was?.contentHash === is?.contentHash && was?.schemaHash === is?.schemaHash) continue;
    changes.push({ table, rowsBefore: was?.rows ?? null, rowsAfter: is?.rows ?? null });
    written[table] = is?.contentHash ?? null;
  }
  return { changes, written };
}

function outcomeOf(
  item: BatchItem,
  start: number,
  effect: { changes?: TableChange[]; written?: string[]; result?: JobResult },
): WriterOutcome {
  return {
    intentId: item.intent.intentId,
    sequence: item.sequence,
    status: "applied",
    changes: effect.changes ?? [],
    ...(effect.result ? { result: effect.result } : {}),
    written: effect.written ?? [],
    derivedFrom: [],
    durationMs: performance.now() - start,
    replayed: false,
  };
}

function resultOf(names: string[], row: (string | number)[]): JobResult {
  const columns = names.map((name, index) => ({
    name,
    type: typeof row[index] === "number" ? "BIGINT" : "VARCHAR",
  }));
  return { columns, rows: [row], nextCursor: null };
}
