import { resolve } from "node:path";
import { z } from "zod";

const Environment = z.object({
  DATABASE_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  TEATREE_SECRET: z.string().min(16),
  TEATREE_HOME: z.string().min(1).default(".teatree"),
  TEATREE_IDLE_MS: z.coerce.number().int().min(100).default(600_000),
  TEATREE_SWEEP_MS: z.coerce.number().int().min(50).default(1_000),
  TEATREE_PARENT_PID: z.coerce.number().int().min(1).optional(),
  TEATREE_MANAGER_ENTRY: z.string().min(1).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  LOG_LEVEL: z.string().min(1).default("info"),
});

export interface DispatcherEnv {
  databaseUrl: string;
  natsUrl: string;
  secret: string;
  home: string;
  /** A manager that has had nothing to do for so long is stopped. */
  idleMs: number;
  sweepMs: number;
  /** The local start, which nothing it started may outlive. */
  parentPid: number | undefined;
  /** The program file of the manager. */
  managerEntry: string;
  /** What a launched manager gets beside its model's id: everything this process was given. */
  childEnvironment: NodeJS.ProcessEnv;
  otlpEndpoint: string | undefined;
  logLevel: string;
}

/** Reads the environment; throws an error that names each missing or bad variable. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): DispatcherEnv {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success)
    throw new Error(`The dispatcher's settings are bad:\n${z.prettifyError(parsed.error)}`);
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL,
    natsUrl: env.NATS_URL,
    secret: env.TEATREE_SECRET,
    home: resolve(env.TEATREE_HOME),
    idleMs: env.TEATREE_IDLE_MS,
    sweepMs: env.TEATREE_SWEEP_MS,
    parentPid: env.TEATREE_PARENT_PID,
    managerEntry: env.TEATREE_MANAGER_ENTRY ?? resolve(import.meta.dirname, "../../manager/src/main.ts"),
    childEnvironment: environment,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: env.LOG_LEVEL,
  };
}
