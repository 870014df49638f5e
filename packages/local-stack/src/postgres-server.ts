import { randomBytes } from "node:crypto";
import { access, chown, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { Client } from "pg";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { until } from "./polling.ts";
import { type PostgresPrograms, postgresPrograms } from "./postgres-binary.ts";
import { keptSecret, writePrivate } from "./private-file.ts";
import { runCommand } from "./run-command.ts";
import { type Unprivileged, unprivileged } from "./unprivileged.ts";

export interface PostgresOptions {
  /** Holds the data and the password; kept between starts. */
  folder: string;
  log?: Writable;
  port?: number;
  /** False skips fsync: for tests whose worst accident is a killed process, which loses nothing. */
  durable?: boolean;
  env?: NodeJS.ProcessEnv;
  /** Gives the start up; nothing it began is left running. */
  signal?: AbortSignal;
}

export interface PostgresServer {
  /** Connection string of the database `teatree`, with the password in it. */
  url: string;
  port: number;
  child: Child;
  /** Fast shutdown: open transactions are rolled back. */
  stop(): Promise<void>;
}

const USER = "teatree";
/** Small: managers and browsers want the memory; the control tables are megabytes. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "32MB",
  max_wal_size: "256MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
};

/** Makes the database cluster when it is not there, starts PostgreSQL and waits until it answers. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const programs = await postgresPrograms();
  const way = await unprivileged(programs.postgres, options.folder);
  const password = await keptSecret(join(options.folder, "password"), () =>
    randomBytes(24).toString("base64url"),
  );
  const data = join(options.folder, "data");
  if (!(await exists(join(data, "PG_VERSION")))) await makeCluster(options, data, password, programs, way);
  const port = options.port ?? (await freePort());
  const settings = {
    ...SETTINGS,
    port: String(port),
    ...(options.durable === false ? { fsync: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = await startChild(way.command, way.args(programs.postgres, ["-D", data, ...flags]), {
    log: options.log,
    env: options.env,
    uid: way.uid,
    gid: way.gid,
  });
  const url = (database: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await untilReady(child, url("postgres"), options.signal);
    await ensureDatabase(url("postgres"), USER);
  } catch (error) {
    await child.stop("SIGINT", 3_000);
    throw error;
  }
  return { url: url(USER), port, child, stop: async () => void (await child.stop("SIGINT", 5_000)) };
}

/** initdb works beside and is renamed when complete: a killed one must not look like a cluster. */
async function makeCluster(
  { folder, signal }: PostgresOptions,
  data: string,
  password: string,
  programs: PostgresPrograms,
  way: Unprivileged,
): Promise<void> {
  const beside = `${data}.new`;
  const passwordFile = join(folder, "initdb-password");
  await rm(beside, { recursive: true, force: true });
  await rm(data, { recursive: true, force: true });
  await writePrivate(passwordFile, `${password}\n`);
  if (way.uid !== undefined && way.gid !== undefined) await chown(passwordFile, way.uid, way.gid);
  const args = ["-D", beside, "-U", USER, "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const plain = ["--encoding=UTF8", "--locale=C", "--no-instructions"];
  await runCommand(way.command, way.args(programs.initdb, [...args, ...plain]), {
    uid: way.uid,
    gid: way.gid,
    signal,
  });
  await rm(passwordFile);
  await rename(beside, data);
}

async function untilReady(child: Child, url: string, signal: AbortSignal | undefined): Promise<void> {
  const ready = await until(
    "PostgreSQL's start",
    async () => {
      if (!child.running()) return false;
      await withClient(url, (client) => client.query("select 1"));
      return true;
    },
    { timeoutMs: 60_000, signal },
  );
  if (!ready) throw new Error(`PostgreSQL ended at once:\n${child.tail().join("\n")}`);
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database "${name}"`);
  });
}

/** Runs `work` on a connection of its own, and closes it whatever happens. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // Without a listener, a server that stops would end this process.
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
