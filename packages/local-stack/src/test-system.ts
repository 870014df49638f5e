import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, type Exit, startChild } from "./child.ts";
import { Connections, connectionsFile } from "./connections.ts";
import { childEnvironment, repositoryRoot } from "./env.ts";
import { readRunning } from "./home-lock.ts";
import { until } from "./polling.ts";
import { untilHealthy } from "./ready.ts";

export type PartName = "postgres" | "nats" | "web" | "dispatcher";

export interface TestSystem extends AsyncDisposable {
  url: string;
  token: string;
  /** `url` with the token: what a person opens first. */
  link: string;
  home: string;
  databaseUrl: string;
  natsUrl: string;
  /** Process id of the start itself. */
  pid: number;
  /** Process ids of the parts that run now. Managers belong to the dispatcher and are not among them. */
  pids(): Promise<Record<string, number>>;
  /** Kills a part with SIGKILL and waits until the supervisor has brought it back and all is healthy. */
  restart(part: PartName): Promise<void>;
  /** What the start has printed, last lines. */
  output(): string[];
  /** Asks the start to end as Ctrl+C does; the home stays. */
  interrupt(): Promise<Exit>;
  /** Stops everything and removes the home. */
  stop(): Promise<void>;
}

export interface TestSystemOptions {
  /** Added to the environment of the start: `TEATREE_SAMPLE`, `OTEL_…`, `S3_…`. */
  env?: Record<string, string>;
  /** A home to go on with; it is not removed in the end. */
  home?: string;
}

const TOKEN = "token-of-a-test-system";
const READY = /^Teatree is ready: (\S+)$/m;

/** What `npm start` runs once the clone is prepared, as a process of its own whose output is collected. */
export function spawnStart(home: string, env: Record<string, string> = {}): Promise<Child> {
  const program = join(repositoryRoot(), "packages", "local-stack", "src", "start.ts");
  return startChild(process.execPath, [program], {
    cwd: home,
    env: childEnvironment({
      PORT: "0",
      HOST: "127.0.0.1",
      TEATREE_HOME: home,
      TEATREE_TOKEN: TOKEN,
      TEATREE_SAMPLE: "none",
      TEATREE_SELF_CHECK_EVERY: "1",
      DATABASE_URL: "",
      NATS_URL: "",
      NO_COLOR: "1",
      TEATREE_PARENT_PID: String(process.pid),
      ...env,
    }),
  });
}

/** The link of the ready line. Throws with what the start printed when it ends before. */
export async function readyLink(start: Child, timeoutMs = 120_000): Promise<string> {
  const link = await until(
    "the ready line",
    () => {
      const found = READY.exec(start.tail().join("\n"))?.[1];
      return found ?? (start.running() ? undefined : null);
    },
    { timeoutMs },
  );
  if (link === null) throw new Error(`the start ended before it was ready:\n${start.tail().join("\n")}`);
  return link;
}

/**
 * The whole system as `npm start` starts it (real servers, web, dispatcher, supervisor), on free ports, in a
 * temporary home, without the sample. Needs the web build; takes about 4 s. Its token is the same in every test.
 */
export async function startTestSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "teatree-system-")));
  const start = await spawnStart(home, options.env);
  const link = await readyLink(start);
  const url = new URL(link).origin;
  const connections = Connections.parse(JSON.parse(await readFile(connectionsFile(home), "utf8")));
  const pids = () => partPids(home);
  const stop = async () => {
    await start.stop("SIGINT", 15_000);
    if (options.home === undefined) await rm(home, { recursive: true, force: true });
  };
  return {
    url,
    link,
    home,
    token: new URL(link).searchParams.get("token") ?? TOKEN,
    databaseUrl: connections.DATABASE_URL,
    natsUrl: connections.NATS_URL,
    pid: start.pid,
    pids,
    output: start.tail,
    interrupt: () => start.stop("SIGINT", 15_000),
    stop,
    [Symbol.asyncDispose]: stop,
    async restart(part) {
      const before = (await pids())[part];
      if (before === undefined) throw new Error(`${part} is not running`);
      process.kill(before, "SIGKILL");
      await until(
        `the return of ${part}`,
        async () => {
          const now = (await pids())[part];
          return now !== undefined && now !== before ? now : undefined;
        },
        { timeoutMs: 30_000 },
      );
      await untilHealthy(url, 30_000);
    },
  };
}

async function partPids(home: string): Promise<Record<string, number>> {
  const parts = (await readRunning(home))?.parts ?? [];
  return Object.fromEntries(parts.map(({ name, pid }) => [name, pid]));
}
