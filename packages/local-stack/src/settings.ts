import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";

/** An error for the person at the terminal: what is wrong and what to do; no stack is shown. */
export class StartError extends Error {}

const text = (schema: z.ZodString = z.string()) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const isHost = (host: string) => isIP(host) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host);
const address = (schemes: string, example: string) =>
  z.string().regex(new RegExp(`^(${schemes})://`), `is no address such as ${example}`);

const Environment = z.object({
  PORT: text(z.string().regex(/^\d{1,5}$/, "is no port: a number from 0 to 65535, 0 for any free one")),
  HOST: text(z.string().refine(isHost, "is no host name or IP address")),
  TEATREE_HOME: text(),
  TEATREE_TOKEN: text(
    z.string().regex(/^[A-Za-z0-9._~-]{8,}$/, "needs 8 or more letters, digits, or any of . _ ~ -"),
  ),
  TEATREE_SAMPLE: text().pipe(z.enum(["flights", "none"], "is neither flights nor none").default("flights")),
  DATABASE_URL: text(address("postgres|postgresql", "postgresql://user:password@host:5432/teatree")),
  NATS_URL: text(address("nats|tls", "nats://user:password@host:4222")),
  NATS_WS_URL: text(address("ws|wss", "ws://host:8080")),
  NATS_SYSTEM_URL: text(address("nats|tls", "nats://system:password@host:4222")),
  NATS_CALLOUT_SEED: text(z.string().regex(/^SA/, "is no account seed (it begins with SA)")),
  S3_BUCKET: text(),
});

/** What one local start is told by its environment (docs: "Start and test"). */
export interface Settings {
  port: number;
  host: string;
  /** Absolute. */
  home: string;
  /** Null: kept in the home, made when it is new. */
  token: string | null;
  sample: "flights" | "none";
  databaseUrl: string | null;
  nats: { url: string; wsUrl: string | null; systemUrl: string | null; calloutSeed: string | null } | null;
  s3Bucket: string | null;
}

/** Reads the environment; throws a StartError that names every variable that is wrong. */
export function parseSettings(environment: Record<string, string | undefined>, folder: string): Settings {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      // A token must not end up in a log.
      const value = name === "TEATREE_TOKEN" || /_URL|SEED/.test(name) ? "" : `=${environment[name]}`;
      return `${name}${value} ${message}`;
    });
    throw new StartError(wrong.join("\n"));
  }
  const { data } = parsed;
  const port = Number(data.PORT ?? "3000");
  if (port > 65_535) throw new StartError(`PORT=${data.PORT} is no port: a number from 0 to 65535`);
  return {
    port,
    host: data.HOST ?? "127.0.0.1",
    home: resolve(folder, data.TEATREE_HOME ?? ".teatree"),
    token: data.TEATREE_TOKEN ?? null,
    sample: data.TEATREE_SAMPLE,
    databaseUrl: data.DATABASE_URL ?? null,
    nats: data.NATS_URL
      ? {
          url: data.NATS_URL,
          wsUrl: data.NATS_WS_URL ?? null,
          systemUrl: data.NATS_SYSTEM_URL ?? null,
          calloutSeed: data.NATS_CALLOUT_SEED ?? null,
        }
      : null,
    s3Bucket: data.S3_BUCKET ?? null,
  };
}

/** The address people open: what listens on every address is reached by the loopback one. */
export function webUrl(host: string, port: number): string {
  const everywhere: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };
  const named = isIP(host) === 6 ? `[${host}]` : host;
  return `http://${everywhere[host] ?? named}:${port}`;
}

/** Whether only this machine can reach what listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
