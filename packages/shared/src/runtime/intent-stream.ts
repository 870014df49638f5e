import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  PersistMode,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
  type StreamUpdateConfig,
} from "@nats-io/jetstream";
import { type NatsConnection, nanos } from "@nats-io/transport-node";
import {
  INTENT_DUPLICATE_WINDOW_MS,
  INTENT_MESSAGE_LIMIT_BYTES,
  INTENT_STREAM,
  INTENT_SUBJECTS,
} from "../subjects.ts";

const STREAM_NOT_FOUND = 10059;
const NAME_IN_USE = 10058;

/** What tells one life of the stream from another. */
export interface IntentStream {
  /** When the server made it: another value means the store was lost and sequences began anew. */
  created: string;
  firstSequence: number;
  lastSequence: number;
}

/**
 * Makes the stream of intents when it is absent and asserts that it keeps what it acknowledges.
 * `firstSequence` (only used when it is made now) must lie beyond every sequence known from an earlier life.
 * Throws when the stream exists with a configuration that loses or reorders intents.
 */
export async function ensureIntentStream(
  connection: NatsConnection,
  { firstSequence = 1 }: { firstSequence?: number } = {},
): Promise<IntentStream> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 3_000 });
  const info = (await findStream(manager)) ?? (await addStream(manager, firstSequence));
  assertDurable(info);
  const wanted = changeable();
  if (differs(info, wanted)) await manager.streams.update(INTENT_STREAM, wanted);
  return streamOf(info);
}

/** The stream as it is; null when there is none. */
export async function findIntentStream(connection: NatsConnection): Promise<IntentStream | null> {
  const info = await findStream(await jetstreamManager(connection, { checkAPI: false, timeout: 3_000 }));
  return info === null ? null : streamOf(info);
}

/** Deletes the stream. Only for one that restarted below positions that are known: its messages are republished. */
export async function dropIntentStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 3_000 });
  try {
    await manager.streams.delete(INTENT_STREAM);
  } catch (error) {
    if (!isApiError(error, STREAM_NOT_FOUND)) throw error;
  }
}

async function findStream(manager: JetStreamManager): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(INTENT_STREAM);
  } catch (error) {
    if (isApiError(error, STREAM_NOT_FOUND)) return null;
    throw error;
  }
}

async function addStream(manager: JetStreamManager, firstSequence: number): Promise<StreamInfo> {
  try {
    return await manager.streams.add({
      name: INTENT_STREAM,
      ...changeable(),
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      first_seq: firstSequence,
    });
  } catch (error) {
    // Someone else made it a moment ago, with another first sequence.
    if (isApiError(error, NAME_IN_USE)) return manager.streams.info(INTENT_STREAM);
    throw error;
  }
}

function changeable() {
  return {
    subjects: [INTENT_SUBJECTS],
    discard: DiscardPolicy.New,
    max_msgs: -1,
    max_age: 0,
    max_bytes: -1,
    max_msgs_per_subject: -1,
    max_msg_size: INTENT_MESSAGE_LIMIT_BYTES,
    duplicate_window: nanos(INTENT_DUPLICATE_WINDOW_MS),
    allow_direct: true,
  } satisfies Partial<StreamUpdateConfig>;
}

function differs(info: StreamInfo, wanted: ReturnType<typeof changeable>): boolean {
  const { subjects, ...plain } = wanted;
  const config = new Map<string, unknown>(Object.entries(info.config));
  if (JSON.stringify(config.get("subjects")) !== JSON.stringify(subjects)) return true;
  // The server leaves out what has its zero value.
  return Object.entries(plain).some(([name, value]) => (config.get(name) ?? 0) !== value);
}

function assertDurable(info: StreamInfo): void {
  const { config } = info;
  if (config.storage !== StorageType.File || config.retention !== RetentionPolicy.Limits) {
    throw new Error(`stream ${INTENT_STREAM} must have file storage and limits retention`);
  }
  if (config.persist_mode === PersistMode.Async || config.no_ack === true) {
    throw new Error(
      `stream ${INTENT_STREAM} acknowledges what it has not synced: persist_mode must not be async`,
    );
  }
}

function streamOf(info: StreamInfo): IntentStream {
  return {
    created: info.created,
    firstSequence: info.state.first_seq,
    lastSequence: info.state.last_seq,
  };
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
