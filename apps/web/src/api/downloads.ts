import { join } from "node:path";
import { fallbackFile, snapshotBytes } from "@teatree/shared/block-store/snapshot-bytes";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { PARQUET } from "@teatree/shared/contracts/query";
import { manifestDifference } from "@teatree/shared/contracts/version-text";
import { type ArchivePart, archivePartsOf } from "@teatree/shared/control-db/archive-parts";
import { contentOf } from "@teatree/shared/control-db/versions";
import type { ByteSpan } from "../server/http/byte-range.ts";
import { isNotModified } from "../server/http/conditions.ts";
import { attachment } from "../server/http/disposition.ts";
import { sendBytes, sendFile } from "../server/http/send-file.ts";
import { requireVersion } from "../server/reads/find-model.ts";
import { readManifest, storedVersion } from "../server/reads/manifests.ts";
import type { Handlers } from "./handler.ts";
import { recordDownload } from "./record-download.ts";

export const downloadHandlers = {
  async getSnapshot(call) {
    const { context, model, params, request, reply } = call;
    const version = await requireVersion(context.pool, model, params.version);
    await recordDownload(call, `v${version.version}`);
    const fallback = fallbackFile(join(context.versionsDirectory, version.file));
    await sendBytes(request, reply, {
      bytes: version.bytes,
      async *read(span) {
        yield* snapshotBytes(context.blocks, await storedVersion(context.blocks, version), span, fallback);
      },
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
    const manifest = await readManifest(context.blocks, version);
    if (query.since === undefined) return { status: 200, body: manifest, headers };
    const older = await requireVersion(context.pool, model, query.since);
    const since = await readManifest(context.blocks, older);
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
    await recordDownload(call, `v${version}/${part.table}${own.length > 1 ? `/${part.part}` : ""}`);
    const etag = `"${part.sha256}"`;
    const suffix = own.length > 1 ? `-part${part.part}` : "";
    const name = `${model.name}-v${version}-${part.table}${suffix}.parquet`;
    const headers = { "content-disposition": attachment(name), "cache-control": caching(params.version) };
    const file = { etag, contentType: PARQUET, headers };
    const path = context.store.localPath?.(part.key);
    if (path !== undefined) await sendFile(request, reply, { ...file, path });
    else {
      const read = async (span: ByteSpan) => (await context.store.get(part.key, span)).stream;
      await sendBytes(request, reply, { ...file, bytes: part.bytes, read });
    }
    return "sent";
  },
} satisfies Partial<Handlers>;

/** A numbered version never changes; `latest` is another one tomorrow. */
function caching(version: number | "latest"): string {
  return version === "latest" ? "private, no-cache" : "private, max-age=31536000, immutable";
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
