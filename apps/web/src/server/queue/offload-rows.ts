import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type ModelId, UploadId } from "@teatree/shared/contracts/ids";
import { INTENT_ARGS_LIMIT_BYTES, type SubmitIntent } from "@teatree/shared/contracts/intents";
import { sqlState, UNIQUE_VIOLATION } from "@teatree/shared/control-db/pool";
import { findUpload, recordUpload } from "@teatree/shared/control-db/uploads";
import type { WebContext } from "../context.ts";
import { invalidArguments } from "../http/issues.ts";
import { uploadKey } from "./upload-key.ts";

/** What a message may hold beside the arguments, with room to spare below NATS's limit. */
const LARGEST_ARGS_BYTES = 120 * 1024;

type Rows = NonNullable<Extract<SubmitIntent, { function: "append" }>["args"]["rows"]>;

/**
 * The arguments as they travel: rows above 64 KB become an upload of the model, because a large message slows every
 * small one behind it. The upload's id comes from intent and content, so that sending again stores nothing twice.
 * Throws `invalid_arguments` when arguments without rows are too large.
 */
export async function offloadRows(
  context: Pick<WebContext, "pool" | "store">,
  request: { modelId: ModelId; account: string; intentId: string; contentHash: string; intent: SubmitIntent },
): Promise<SubmitIntent["args"]> {
  const { intent } = request;
  if (argsBytes(intent) <= INTENT_ARGS_LIMIT_BYTES) return intent.args;
  if ((intent.function === "append" || intent.function === "upsert") && intent.args.rows !== undefined) {
    const { rows, ...args } = intent.args;
    return { ...args, uploadId: await storeRows(context, request, rows) };
  }
  refuseLargeArgs(intent);
  return intent.args;
}

/** Throws `invalid_arguments` when the arguments are too large and have no rows that could travel as an upload. */
export function refuseLargeArgs(intent: SubmitIntent): void {
  const bytes = argsBytes(intent);
  if (bytes <= LARGEST_ARGS_BYTES || ("rows" in intent.args && intent.args.rows !== undefined)) return;
  throw invalidArguments([
    {
      path: "args",
      message: `is ${bytes} bytes of JSON; at most ${LARGEST_ARGS_BYTES} travel without an upload`,
    },
  ]);
}

function argsBytes({ args }: SubmitIntent): number {
  return Buffer.byteLength(JSON.stringify(args));
}

async function storeRows(
  { pool, store }: Pick<WebContext, "pool" | "store">,
  request: { modelId: ModelId; account: string; intentId: string; contentHash: string },
  rows: Rows,
): Promise<UploadId> {
  const id = uploadIdFor(request.intentId, request.contentHash);
  if ((await findUpload(pool, request.modelId, id)) !== null) return id;
  const objectKey = uploadKey(request.modelId, id);
  const stored = await store.put(objectKey, Readable.from(lines(rows), { objectMode: false }));
  const { modelId, account: createdBy } = request;
  const upload = { id, modelId, filename: "rows.ndjson", format: "ndjson", objectKey, createdBy } as const;
  try {
    await recordUpload(pool, { ...upload, bytes: stored.bytes, sha256: stored.sha256 });
  } catch (error) {
    // Somebody sent the same intent at the same time and was first.
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
  }
  return id;
}

function* lines(rows: Rows): Generator<Uint8Array> {
  for (const row of rows) yield Buffer.from(`${JSON.stringify(row)}\n`);
}

/** RFC 9562 version 8: a UUID of our own making. */
function uploadIdFor(intentId: string, hash: string): UploadId {
  const digest = createHash("sha256").update(`${intentId}\n${hash}`).digest("hex");
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
  ];
  return UploadId.parse([...parts, digest.slice(20, 32)].join("-"));
}
