import { z } from "zod";
import { BlockPath, BlocksWanted } from "./blocks.ts";
import { ComparePath, CompareQuery, QueryProgress, VersionComparison } from "./compare.ts";
import { Health, Me } from "./health.ts";
import { AcceptedIntents, SubmitIntent, SubmitIntents } from "./intents.ts";
import { Job, JobListQuery, JobPage, JobPath } from "./jobs.ts";
import { CreateModel, Model, ModelPage, ModelPath } from "./models.ts";
import {
  CreateNotebook,
  Notebook,
  NotebookListQuery,
  NotebookPage,
  NotebookPath,
  SaveNotebook,
} from "./notebooks.ts";
import { MarkRead, NotificationListQuery, NotificationPage } from "./notifications.ts";
import { PageQuery } from "./paging.ts";
import { Preview } from "./preview.ts";
import { Query, QueryPath, QueryResultJson } from "./query.ts";
import { Collected, NameVersion, NumberedVersionPath, Retention, Storage } from "./retention.ts";
import { Upload, UploadQuery } from "./uploads.ts";
import {
  Archive,
  ArchiveFileQuery,
  Manifest,
  ManifestDifference,
  ManifestQuery,
  Version,
  VersionPage,
  VersionPath,
} from "./versions.ts";

/** What a caller must be allowed to do. `open` needs no identity, `session` any. */
export const Action = z.enum(["open", "session", "read", "download", "submit", "author", "administer"]);
export type Action = z.infer<typeof Action>;

/** A body or answer that is not JSON. */
export type Bytes = { bytes: string; description: string };

export type Endpoint = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/api/v1`, with `{name}` for parameters. */
  path: string;
  summary: string;
  action: Action;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType | Bytes;
  /** Successful answers by status; null is an empty body. */
  answers: Record<number, z.ZodType | Bytes | null>;
};

const Nothing = z.object({ ok: z.literal(true) });
const snapshotBytes: Bytes = { bytes: "application/vnd.duckdb", description: "The snapshot, a DuckDB file." };
const blockBytes: Bytes = {
  bytes: "application/octet-stream",
  description: "The bytes of the block or blocks.",
};

/**
 * The public contract, below `/api/v1`: the web server registers handlers for exactly these, OpenAPI is made from them, and
 * the client in the page is typed by them.
 */
export const ENDPOINTS = {
  getHealth: {
    method: "GET",
    path: "/health",
    summary: "Whether every part is up",
    action: "open",
    answers: { 200: Health, 503: Health },
  },
  getOpenApi: {
    method: "GET",
    path: "/openapi.json",
    summary: "This description",
    action: "open",
    answers: { 200: z.record(z.string(), z.unknown()) },
  },
  getMe: { method: "GET", path: "/me", summary: "Who is asking", action: "session", answers: { 200: Me } },

  createModel: {
    method: "POST",
    path: "/models",
    summary: "Create an empty model",
    action: "administer",
    body: CreateModel,
    answers: { 201: Model },
  },
  listModels: {
    method: "GET",
    path: "/models",
    summary: "Models, by name",
    action: "read",
    query: PageQuery,
    answers: { 200: ModelPage },
  },
  getModel: {
    method: "GET",
    path: "/models/{model}",
    summary: "One model with its tables",
    action: "read",
    params: ModelPath,
    answers: { 200: Model },
  },

  createUpload: {
    method: "POST",
    path: "/models/{model}/uploads",
    summary: "Upload a file for append, upsert or import",
    action: "submit",
    params: ModelPath,
    query: UploadQuery,
    body: { bytes: "application/octet-stream", description: "The file, raw or as multipart/form-data." },
    answers: { 201: Upload },
  },
  submitIntents: {
    method: "POST",
    path: "/models/{model}/intents",
    summary: "Submit one intent or several, in order",
    action: "submit",
    params: ModelPath,
    body: SubmitIntents,
    answers: { 200: AcceptedIntents, 202: AcceptedIntents },
  },
  previewIntent: {
    method: "POST",
    path: "/models/{model}/intents:preview",
    summary: "What an intent would do, tried on a copy that is thrown away",
    action: "submit",
    params: ModelPath,
    body: SubmitIntent,
    answers: { 200: Preview },
  },

  listJobs: {
    method: "GET",
    path: "/jobs",
    summary: "Jobs, newest first",
    action: "read",
    query: JobListQuery,
    answers: { 200: JobPage },
  },
  getJob: {
    method: "GET",
    path: "/jobs/{job}",
    summary: "One job with steps, changes and result",
    action: "read",
    params: JobPath,
    answers: { 200: Job },
  },
  cancelJob: {
    method: "POST",
    path: "/jobs/{job}/cancel",
    summary: "Stop a queued or running job",
    action: "submit",
    params: JobPath,
    answers: { 202: Job },
  },
  retryJob: {
    method: "POST",
    path: "/jobs/{job}/retry",
    summary: "Submit a finished job once more, as a new intent",
    action: "submit",
    params: JobPath,
    answers: { 202: Job },
  },
  streamJobEvents: {
    method: "GET",
    path: "/jobs/{job}/events",
    summary: "State, progress, steps and log lines as server-sent events",
    action: "read",
    params: JobPath,
    answers: { 200: { bytes: "text/event-stream", description: "JobEvent per event, `id:` for resume." } },
  },

  listVersions: {
    method: "GET",
    path: "/models/{model}/versions",
    summary: "Versions, newest first",
    action: "read",
    params: ModelPath,
    query: PageQuery,
    answers: { 200: VersionPage },
  },
  getVersion: {
    method: "GET",
    path: "/models/{model}/versions/{version}",
    summary: "One version",
    action: "read",
    params: VersionPath,
    answers: { 200: Version },
  },
  getSnapshot: {
    method: "GET",
    path: "/models/{model}/versions/{version}/snapshot",
    summary: "The read-only .duckdb file; Range, HEAD, ETag",
    action: "download",
    params: VersionPath,
    answers: { 200: snapshotBytes, 206: snapshotBytes, 304: null },
  },
  getManifest: {
    method: "GET",
    path: "/models/{model}/versions/{version}/manifest",
    summary: "What the version is made of",
    action: "download",
    params: VersionPath,
    query: ManifestQuery,
    answers: { 200: z.union([Manifest, ManifestDifference]) },
  },
  getBlock: {
    method: "GET",
    path: "/models/{model}/blocks/{hash}",
    summary: "One block or header of a version that is kept, by its hash",
    action: "download",
    params: BlockPath,
    answers: { 200: blockBytes, 206: blockBytes, 304: null },
  },
  getBlocks: {
    method: "POST",
    path: "/models/{model}/blocks",
    summary: "Many blocks in one answer, one after the other in the order asked",
    action: "download",
    params: ModelPath,
    body: BlocksWanted,
    answers: { 200: blockBytes },
  },
  getArchive: {
    method: "GET",
    path: "/models/{model}/versions/{version}/archive",
    summary: "The Parquet files of the version",
    action: "download",
    params: VersionPath,
    answers: { 200: Archive },
  },
  getArchiveFile: {
    method: "GET",
    path: "/models/{model}/versions/{version}/archive/{table}",
    summary: "One table of the version as Parquet, or one part of it",
    action: "download",
    params: VersionPath.extend({ table: z.string() }),
    query: ArchiveFileQuery,
    answers: { 200: { bytes: "application/vnd.apache.parquet", description: "The Parquet file." } },
  },

  getRetention: {
    method: "GET",
    path: "/models/{model}/retention",
    summary: "Which versions the model keeps",
    action: "read",
    params: ModelPath,
    answers: { 200: Retention },
  },
  setRetention: {
    method: "PUT",
    path: "/models/{model}/retention",
    summary: "Say which versions the model keeps",
    action: "administer",
    params: ModelPath,
    body: Retention,
    answers: { 200: Retention },
  },
  nameVersion: {
    method: "PUT",
    path: "/models/{model}/versions/{version}/name",
    summary: "Give a version a name; it is never removed then",
    action: "administer",
    params: NumberedVersionPath,
    body: NameVersion,
    answers: { 200: Version },
  },
  unnameVersion: {
    method: "DELETE",
    path: "/models/{model}/versions/{version}/name",
    summary: "Take a version's name away",
    action: "administer",
    params: NumberedVersionPath,
    answers: { 200: Version },
  },
  collect: {
    method: "POST",
    path: "/models/{model}/collect",
    summary: "Remove now what the model need not keep",
    action: "administer",
    params: ModelPath,
    answers: { 200: Collected },
  },
  getStorage: {
    method: "GET",
    path: "/models/{model}/storage",
    summary: "How the model's stored bytes are used",
    action: "read",
    params: ModelPath,
    answers: { 200: Storage },
  },

  queryModel: {
    method: "POST",
    path: "/models/{model}/query",
    summary:
      "Run one read-only statement on a version; send `Teatree-Query-Id` to choose the id it can be stopped by",
    action: "read",
    params: ModelPath,
    body: Query,
    answers: { 200: QueryResultJson, 304: null },
  },
  compareVersions: {
    method: "GET",
    path: "/models/{model}/compare/{range}",
    summary:
      "Two versions `a...b`: tables and schema, and the rows of `table`; send `Teatree-Query-Id` to choose the id it can be stopped by",
    action: "read",
    params: ComparePath,
    query: CompareQuery,
    answers: { 200: VersionComparison, 304: null },
  },
  getQueryProgress: {
    method: "GET",
    path: "/queries/{query}",
    summary: "How far a running query is, by the id of its header `Teatree-Query-Id`",
    action: "read",
    params: QueryPath,
    answers: { 200: QueryProgress },
  },
  cancelQuery: {
    method: "DELETE",
    path: "/queries/{query}",
    summary: "Stop a running query, by the id of its header `Teatree-Query-Id`",
    action: "read",
    params: QueryPath,
    answers: { 202: Nothing },
  },

  listNotebooks: {
    method: "GET",
    path: "/notebooks",
    summary: "Notebooks, last changed first",
    action: "read",
    query: NotebookListQuery,
    answers: { 200: NotebookPage },
  },
  createNotebook: {
    method: "POST",
    path: "/notebooks",
    summary: "Create a notebook",
    action: "author",
    body: CreateNotebook,
    answers: { 201: Notebook },
  },
  getNotebook: {
    method: "GET",
    path: "/notebooks/{notebook}",
    summary: "One notebook with its text",
    action: "read",
    params: NotebookPath,
    answers: { 200: Notebook },
  },
  saveNotebook: {
    method: "PUT",
    path: "/notebooks/{notebook}",
    summary: "Save a notebook",
    action: "author",
    params: NotebookPath,
    body: SaveNotebook,
    answers: { 200: Notebook },
  },
  deleteNotebook: {
    method: "DELETE",
    path: "/notebooks/{notebook}",
    summary: "Delete a notebook",
    action: "author",
    params: NotebookPath,
    answers: { 204: null },
  },

  listNotifications: {
    method: "GET",
    path: "/notifications",
    summary: "Notifications, newest first",
    action: "read",
    query: NotificationListQuery,
    answers: { 200: NotificationPage },
  },
  markNotificationsRead: {
    method: "POST",
    path: "/notifications/read",
    summary: "Mark notifications as read",
    action: "read",
    body: MarkRead,
    answers: { 200: z.object({ unread: z.int().min(0) }) },
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

/** Paths of the contract that a later release fills: they answer 501 `not_available` and OpenAPI does not list them. */
export const COMING_PATHS = [
  { method: "GET", path: "/models/{model}/functions" },
  { method: "GET", path: "/models/{model}/functions/{name}" },
  { method: "PUT", path: "/models/{model}/functions/{name}" },
  { method: "DELETE", path: "/models/{model}/functions/{name}" },
] as const;
