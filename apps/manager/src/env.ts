import { totalmem } from "node:os";
import { resolve } from "node:path";
import { ModelId } from "@teatree/shared/contracts/ids";
import { objectStoreConfigFromEnv } from "@teatree/shared/object-store/open-object-store";
import { z } from "zod";
import { ArchiverSettings } from "./archive/archive-call.ts";
import { PublisherSettings } from "./publish/publisher.ts";

const Environment = z.object({
  TEATREE_MODEL_ID: ModelId,
  DATABASE_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  TEATREE_HOME: z.string().min(1),
  TEATREE_SECRET: z.string().min(16),
  TEATREE_VERSIONS_DIR: z.string().optional(),
  TEATREE_WORK_DIR: z.string().optional(),
  TEATREE_LEASE_MS: z.coerce.number().int().min(500).default(10_000),
  TEATREE_INTENT_TIMEOUT_MS: z.coerce.number().int().min(1).default(600_000),
  TEATREE_PREVIEW_TIMEOUT_MS: z.coerce.number().int().min(1).default(20_000),
  TEATREE_WRITER_MEMORY_BYTES: z.coerce.number().int().min(64_000_000).optional(),
  TEATREE_READER_MEMORY_BYTES: z.coerce.number().int().min(64_000_000).optional(),
  TEATREE_THREADS: z.coerce.number().int().min(1).max(256).default(2),
  TEATREE_SELF_CHECK_EVERY: z.coerce.number().int().min(0).default(128),
  TEATREE_PARENT_PID: z.coerce.number().int().min(1).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  LOG_LEVEL: z.string().default("info"),
});

/** What the object store's drivers read of the environment; `TEATREE_HOME` is the default's place. */
const OBJECT_STORE_ENV = /^(OBJECT_STORE|TEATREE_HOME|S3_\w+|AWS_\w+|HOME|NODE_EXTRA_CA_CERTS)$/;

/** For processes that get only that part. Throws as {@link objectStoreConfigFromEnv} does. */
export function readObjectStoreConfig() {
  return objectStoreConfigFromEnv(process.env);
}

/** For the publisher's process; the manager gives it nothing else. */
export function readPublisherSettings() {
  return PublisherSettings.parse(JSON.parse(process.env.TEATREE_PUBLISHER ?? "{}"));
}

/** For the archive's process. */
export function readArchiverSettings() {
  return ArchiverSettings.parse(JSON.parse(process.env.TEATREE_ARCHIVER ?? "{}"));
}

export type ManagerEnv = ReturnType<typeof readEnv>;

/** The manager's configuration. Throws with every variable that is missing or wrong. */
export function readEnv(env: Record<string, string | undefined> = process.env) {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && value !== "") given[name] = value;
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new Error(`The manager's environment: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  const memoryBytes = Math.floor(Math.min(totalmem() / 4, 4 * 1024 ** 3));
  return {
    modelId: data.TEATREE_MODEL_ID,
    databaseUrl: data.DATABASE_URL,
    natsUrl: data.NATS_URL,
    secret: data.TEATREE_SECRET,
    versionsDir: resolve(data.TEATREE_VERSIONS_DIR ?? `${data.TEATREE_HOME}/versions`),
    workDir: resolve(data.TEATREE_WORK_DIR ?? `${data.TEATREE_HOME}/work`),
    leaseMs: data.TEATREE_LEASE_MS,
    intentTimeoutMs: data.TEATREE_INTENT_TIMEOUT_MS,
    previewTimeoutMs: data.TEATREE_PREVIEW_TIMEOUT_MS,
    writerMemoryBytes: data.TEATREE_WRITER_MEMORY_BYTES ?? memoryBytes,
    readerMemoryBytes: data.TEATREE_READER_MEMORY_BYTES ?? memoryBytes,
    threads: data.TEATREE_THREADS,
    selfCheckEvery: data.TEATREE_SELF_CHECK_EVERY,
    parentPid: data.TEATREE_PARENT_PID,
    otlpEndpoint: data.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: data.LOG_LEVEL,
    objectStore: objectStoreConfigFromEnv(given),
    objectStoreEnv: Object.fromEntries(Object.entries(given).filter(([name]) => OBJECT_STORE_ENV.test(name))),
  };
}
