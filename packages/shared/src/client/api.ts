import { z } from "zod";
import { ENDPOINTS, type EndpointName } from "../contracts/endpoints.ts";
import type { SubmitIntent } from "../contracts/intents.ts";
import type { Query, ResultType } from "../contracts/query.ts";
import { createSender, type Sender, type SendOptions } from "./sender.ts";
import { type UploadRequest, uploadFile } from "./upload.ts";

type Entry<Name extends EndpointName> = (typeof ENDPOINTS)[Name];
type ParamsOf<Name extends EndpointName> =
  Entry<Name> extends { params: infer Schema extends z.ZodType } ? { params: z.output<Schema> } : unknown;
type QueryOf<Name extends EndpointName> =
  Entry<Name> extends { query: infer Schema extends z.ZodType }
    ? { query?: Partial<z.output<Schema>> }
    : unknown;
type BodyOf<Name extends EndpointName> =
  Entry<Name> extends { body: infer Schema extends z.ZodType } ? { body: z.input<Schema> } : unknown;

/** What a call of the endpoint takes: `params` of its path, `query`, `body`, as the table of endpoints says. */
export type InputOf<Name extends EndpointName> = ParamsOf<Name> & QueryOf<Name> & BodyOf<Name>;

/** The input may be left out where everything in it may. */
type MethodArguments<Name extends EndpointName> =
  Record<string, never> extends InputOf<Name>
    ? [input?: InputOf<Name>, options?: SendOptions]
    : [input: InputOf<Name>, options?: SendOptions];

export type ApiClientOptions = {
  /** Origin of the server without a path; absent: the page's own. */
  baseUrl?: string;
  /** Sent as `Authorization: Bearer`; in the page the session cookie does. */
  token?: string;
  fetch?: typeof globalThis.fetch;
};

export type QueryBytes = {
  /** Body and headers; the names of the headers stand in `QUERY_HEADERS` of the contract. */
  response: Response;
  bytes: Uint8Array<ArrayBuffer>;
};

/**
 * Teatree's HTTP API with one method per JSON endpoint, typed by the table of endpoints. Answers are parsed.
 * Every method throws `TeatreeError`: the server's own code, or `unavailable` when it cannot be reached.
 */
export function createApiClient(options: ApiClientOptions = {}) {
  const sender = createSender(options);
  return { ...jsonMethods(sender), ...submitMethods(sender), ...byteMethods(sender) };
}
export type ApiClient = ReturnType<typeof createApiClient>;

function jsonMethods(sender: Sender) {
  function method<Name extends EndpointName, Schema extends z.ZodType>(name: Name, answer: Schema) {
    return (...[input, options = {}]: MethodArguments<Name>): Promise<z.output<Schema>> =>
      sender.json(ENDPOINTS[name], answer, input, options);
  }
  return {
    getHealth: method("getHealth", ENDPOINTS.getHealth.answers[200]),
    getOpenApi: method("getOpenApi", ENDPOINTS.getOpenApi.answers[200]),
    getMe: method("getMe", ENDPOINTS.getMe.answers[200]),
    createModel: method("createModel", ENDPOINTS.createModel.answers[201]),
    listModels: method("listModels", ENDPOINTS.listModels.answers[200]),
    getModel: method("getModel", ENDPOINTS.getModel.answers[200]),
    submitIntents: method("submitIntents", ENDPOINTS.submitIntents.answers[202]),
    previewIntent: method("previewIntent", ENDPOINTS.previewIntent.answers[200]),
    listJobs: method("listJobs", ENDPOINTS.listJobs.answers[200]),
    getJob: method("getJob", ENDPOINTS.getJob.answers[200]),
    cancelJob: method("cancelJob", ENDPOINTS.cancelJob.answers[202]),
    retryJob: method("retryJob", ENDPOINTS.retryJob.answers[202]),
    listVersions: method("listVersions", ENDPOINTS.listVersions.answers[200]),
    getVersion: method("getVersion", ENDPOINTS.getVersion.answers[200]),
    getManifest: method("getManifest", ENDPOINTS.getManifest.answers[200]),
    getArchive: method("getArchive", ENDPOINTS.getArchive.answers[200]),
    getRetention: method("getRetention", ENDPOINTS.getRetention.answers[200]),
    setRetention: method("setRetention", ENDPOINTS.setRetention.answers[200]),
    nameVersion: method("nameVersion", ENDPOINTS.nameVersion.answers[200]),
    unnameVersion: method("unnameVersion", ENDPOINTS.unnameVersion.answers[200]),
    collect: method("collect", ENDPOINTS.collect.answers[200]),
    getStorage: method("getStorage", ENDPOINTS.getStorage.answers[200]),
    compareVersions: method("compareVersions", ENDPOINTS.compareVersions.answers[200]),
    getQueryProgress: method("getQueryProgress", ENDPOINTS.getQueryProgress.answers[200]),
    cancelQuery: method("cancelQuery", ENDPOINTS.cancelQuery.answers[202]),
    listNotebooks: method("listNotebooks", ENDPOINTS.listNotebooks.answers[200]),
    createNotebook: method("createNotebook", ENDPOINTS.createNotebook.answers[201]),
    getNotebook: method("getNotebook", ENDPOINTS.getNotebook.answers[200]),
    saveNotebook: method("saveNotebook", ENDPOINTS.saveNotebook.answers[200]),
    deleteNotebook: method("deleteNotebook", z.undefined()),
    listNotifications: method("listNotifications", ENDPOINTS.listNotifications.answers[200]),
    markNotificationsRead: method("markNotificationsRead", ENDPOINTS.markNotificationsRead.answers[200]),
  };
}

function submitMethods(sender: Sender) {
  const { answers } = ENDPOINTS.submitIntents;
  const one = answers[202].options[0];
  return {
    /** Submits one intent; `submitIntents` takes arrays too. */
    submitIntent: (model: string, intent: z.input<typeof SubmitIntent>, options: SendOptions = {}) =>
      sender.json(ENDPOINTS.submitIntents, one, { params: { model }, body: intent }, options),
    /** Uploads a file for append, upsert or import. `onProgress` gets sent bytes of total bytes, in browsers. */
    createUpload: (request: UploadRequest) => uploadFile(sender, request),
  };
}

function byteMethods(sender: Sender) {
  const query = { ...ENDPOINTS.queryModel };
  return {
    /** One read-only statement; JSON rows. For much data use `queryBytes`. */
    queryJson: (model: string, body: z.input<typeof Query>, options: SendOptions = {}) =>
      sender.json(
        query,
        query.answers[200],
        { params: { model }, body },
        withAccept(options, "application/json"),
      ),
    /** One read-only statement; the whole answer as bytes, an Arrow IPC stream unless `accept` says otherwise. */
    async queryBytes(
      model: string,
      body: z.input<typeof Query>,
      options: SendOptions & { accept?: ResultType } = {},
    ): Promise<QueryBytes> {
      const { accept = "application/vnd.apache.arrow.stream", ...rest } = options;
      const response = await sender.send(query, { params: { model }, body }, withAccept(rest, accept));
      return { response, bytes: await sender.bytesOf(response) };
    },
    /** Blocks of versions that are kept, one after the other in the order asked, as their lengths in the manifest tell. */
    async getBlocks(
      model: string,
      hashes: string[],
      options: SendOptions = {},
    ): Promise<Uint8Array<ArrayBuffer>> {
      const { getBlocks } = ENDPOINTS;
      const response = await sender.send(getBlocks, { params: { model }, body: { hashes } }, options);
      return sender.bytesOf(response);
    },
    /** Address for a download link. */
    snapshotUrl: (model: string, version: number | "latest") =>
      sender.url(ENDPOINTS.getSnapshot, { params: { model, version } }),
    archiveFileUrl: (model: string, version: number | "latest", table: string) =>
      sender.url(ENDPOINTS.getArchiveFile, { params: { model, version, table } }),
    /** Address for an `EventSource`; each event is a `JobEvent` with its kind as event name. */
    jobEventsUrl: (job: string) => sender.url(ENDPOINTS.streamJobEvents, { params: { job } }),
  };
}

function withAccept(options: SendOptions, accept: ResultType): SendOptions {
  return { ...options, headers: { ...options.headers, accept } };
}
