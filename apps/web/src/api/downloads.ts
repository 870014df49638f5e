import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { PARQUET } from "@teatree/shared/contracts/query";
import { type ArchivePart, archivePartsOf } from "@teatree/shared/control-db/archive-parts";
import { recordAudit } from "@teatree/shared/control-db/audit";
import { contentOf } from "@teatree/shared/control-db/versions";
import { isNotModified } from "../server/http/conditions.ts";
import { attachment } from "../server/http/disposition.ts";
import { sendFile } from "../server/http/send-file.ts";
import { takeOver } from "../server/http/take-over.ts";
import { requireVersion } from "../server/reads/find-model.ts";
import { manifestDifference, readManifest } from "../server/reads/manifests.ts";
import type { ApiCall, Handlers } from "./handler.ts";

type Download = ApiCall<"getSnapshot"> | ApiCall<"getArchiveFile">;

export const downloadHandlers = {
  async getSnapshot(call) {
    const { context, model, params, request, reply } = call;
    const version = await requireVersion(context.pool, model, params.version);
    await audit(call, `v${version.version}`);
    await sendFile(request, reply, {
      path: join(context.versionsDirectory, version.file),
      etag: `"${version.hash}"`,
      contentType: "application/vnd.duckdb",
      headers: {
        "content-disposition": attachment(`${model.name}-v${version.version}.duckdb`),
        "cache-control": caching(params.version),
      },
    });
    return "sent";
  },

  async getManifest({ context, model, params, query, request, reply }) {
    const version = await requireVersion(context.pool, model, params.version);
    const etag = `"${version.hash}${query.since === undefined ? "" : `-since-${query.since}`}"`;
    const headers = { etag, "cache-control": caching(params.version) };
    if (isNotModified(request.headers, etag)) {
      await reply.code(304).headers(headers).send();
      return "sent";
    }
    const manifest = await readManifest(context.versionsDirectory, version);
    if (query.since === undefined) return { status: 200, body: manifest, headers };
    const older = await requireVersion(context.pool, model, query.since);
    const since = await readManifest(context.versionsDirectory, older);
    return { status: 200, body: manifestDifference(manifest, since), headers };
  },

  async getArchive({ context, model, params }) {
    const version = await requireVersion(context.pool, model, params.version);
    const parts = await archivePartsOf(context.pool, model.id, version.version);
    const files = parts.map((part) => {
      const isOnly = parts.filter(({ table }) => table === part.table).length === 1;
      return archiveFile(`/api/v1/models/${model.name}/versions/${version.version}`, part, isOnly);
    });
    return { status: 200, body: { version: version.version, archived: version.archivedAt !== null, files } };
  },

  async getArchiveFile(call) {
    const { context, model, params, query, request, reply } = call;
    const { version } = await requireVersion(context.pool, model, params.version);
    const parts = await archivePartsOf(context.pool, model.id, version);
    const own = parts.filter(({ table }) => table === params.table);
    if (own.length === 0) {
      const content = await contentOf(context.pool, model.id, version);
      const isKnown = content.some(({ table }) => table === params.table);
      throw isKnown ? notArchived(params.table, version) : noTable(params.table, version);
    }
    const part = chosenPart(own, query.part);
    await audit(call, `v${version}/${part.table}${own.length > 1 ? `/${part.part}` : ""}`);
    const etag = `"${part.sha256}"`;
    const suffix = own.length > 1 ? `-part${part.part}` : "";
    const name = `${model.name}-v${version}-${part.table}${suffix}.parquet`;
    const headers = { "content-disposition": attachment(name), "cache-control": caching(params.version) };
    const path = context.store.localPath?.(part.key);
    if (path !== undefined) await sendFile(request, reply, { path, etag, contentType: PARQUET, headers });
    else await sendObject(call, part.key, { ...headers, etag, "content-type": PARQUET });
    return "sent";
  },
} satisfies Partial<Handlers>;

/** A numbered version never changes; `latest` is another one tomorrow. */
function caching(version: number | "latest"): string {
  return version === "latest" ? "private, no-cache" : "private, max-age=31536000, immutable";
}

/** One row per download, not one per range: a range reader sends dozens for one file. */
async function audit({ context, user, model, request }: Download, target: string): Promise<void> {
  const range = request.headers.range;
  if (request.method !== "GET" || (range !== undefined && !/^bytes=0-/.test(range))) return;
  await recordAudit(context.pool, { account: user.account, action: "download", modelId: model.id, target });
}

function archiveFile(version: string, { version: fromVersion, ...part }: ArchivePart, isOnly: boolean) {
  const href = `${version}/archive/${encodeURIComponent(part.table)}${isOnly ? "" : `?part=${part.part}`}`;
  return { ...part, fromVersion, href };
}

/** A part alone would pass for the whole table: whoever does not say which one is told. */
function chosenPart(parts: ArchivePart[], wanted: number | undefined): ArchivePart {
  const part = wanted === undefined && parts.length > 1 ? undefined : parts[(wanted ?? 1) - 1];
  if (part) return part;
  const { table } = parts[0] ?? { table: "" };
  const which =
    parts.length === 1 ? "one part" : `${parts.length} parts; say which with ?part=1 to ${parts.length}`;
  throw new TeatreeError("invalid_arguments", `“${table}” has ${which}.`, {
    details: { path: "part", parts: parts.length },
  });
}

async function sendObject(
  { context, request, reply }: ApiCall<"getArchiveFile">,
  key: string,
  headers: Record<string, string>,
): Promise<void> {
  if (isNotModified(request.headers, headers.etag ?? "")) {
    await reply.code(304).headers(headers).send();
    return;
  }
  const { stream, bytes } = await context.store.get(key);
  const raw = takeOver(reply, 200, { ...headers, "content-length": bytes });
  if (request.method === "HEAD") {
    stream.destroy();
    raw.end();
  } else await pipeline(stream, raw);
}

function noTable(table: string, version: number): TeatreeError {
  return new TeatreeError("table_not_found", `Version ${version} has no table “${table}”.`, {
    details: { table, version },
  });
}

function notArchived(table: string, version: number): TeatreeError {
  return new TeatreeError(
    "version_not_ready",
    `“${table}” of version ${version} is not archived yet; it soon will be.`,
    {
      details: { table, version },
    },
  );
}
