import { resolve } from "node:path";
import {
  type ObjectStoreConfig,
  objectStoreConfigFromEnv,
} from "@teatree/shared/object-store/open-object-store";
import { z } from "zod";

const GIGABYTE = 1024 ** 3;

const Environment = z.object({
  DATABASE_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  NATS_WS_URL: z.url().optional(),
  NATS_CALLOUT_SEED: z.string().startsWith("SA").optional(),
  TEATREE_HOME: z.string().min(1),
  TEATREE_VERSIONS_DIR: z.string().min(1).optional(),
  TEATREE_TOKEN: z.string().min(8),
  TEATREE_SECRET: z.string().min(16),
  TEATREE_UPLOAD_LIMIT_BYTES: z.coerce.number().int().min(1).default(GIGABYTE),
  TEATREE_WEB_DEV: z.stringbool().default(false),
  NEXT_DIST_DIR: z.string().min(1).default(".next"),
  TEATREE_PARENT_PID: z.coerce.number().int().min(1).optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.string().default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
});

export type WebConfig = {
  databaseUrl: string;
  natsUrl: string;
  /** Where nats-server takes WebSockets; undefined: the page has no live updates. */
  natsWebSocketUrl: string | undefined;
  /** Account key that signs the answers of the auth callout. */
  natsCalloutSeed: string | undefined;
  versionsDirectory: string;
  objectStore: ObjectStoreConfig;
  /** The admin token of the local mode. */
  token: string;
  /** Signs the tokens that manager and reader accept. */
  secret: string;
  uploadLimitBytes: number;
  development: boolean;
  /** Where `next build` put the pages, below the app's folder. */
  buildFolder: string;
  parentPid: number | undefined;
  host: string;
  port: number;
  logLevel: string;
  tracingEndpoint: string | undefined;
};

/** Reads the configuration of the web server. Throws one error that names every variable that is missing or wrong. */
export function readEnv(env: Record<string, string | undefined> = process.env): WebConfig {
  const parsed = Environment.safeParse(withoutEmpty(env));
  if (!parsed.success) throw new Error(`The environment is incomplete.\n${z.prettifyError(parsed.error)}`);
  const value = parsed.data;
  return {
    databaseUrl: value.DATABASE_URL,
    natsUrl: value.NATS_URL,
    natsWebSocketUrl: value.NATS_WS_URL,
    natsCalloutSeed: value.NATS_CALLOUT_SEED,
    versionsDirectory: resolve(value.TEATREE_VERSIONS_DIR ?? resolve(value.TEATREE_HOME, "versions")),
    objectStore: objectStoreConfigFromEnv(env),
    token: value.TEATREE_TOKEN,
    secret: value.TEATREE_SECRET,
    uploadLimitBytes: value.TEATREE_UPLOAD_LIMIT_BYTES,
    development: value.TEATREE_WEB_DEV,
    buildFolder: value.NEXT_DIST_DIR,
    parentPid: value.TEATREE_PARENT_PID,
    host: value.HOST,
    port: value.PORT,
    logLevel: value.LOG_LEVEL,
    tracingEndpoint: value.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
}

function withoutEmpty(env: Record<string, string | undefined>) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

/** Where `next build` puts the pages, below the app's folder; for the build, which has no servers to know. */
export function readBuildFolder(env: Record<string, string | undefined> = process.env): string {
  return env.NEXT_DIST_DIR || ".next";
}
