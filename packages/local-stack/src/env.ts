import { delimiter, join, resolve } from "node:path";
import { z } from "zod";
import { parseSettings, type Settings } from "./settings.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");

/** Where the repository lies; parts are started from their sources in it. */
export function repositoryRoot(): string {
  return REPOSITORY;
}

/** Folder that keeps fetched servers between starts, shared by every home. */
export function natsCacheFolder(): string {
  return process.env.TEATREE_TOOLS_CACHE || join(REPOSITORY, ".tools", "nats");
}

/** PATH, and the folders of system programs that an ordinary user's PATH often lacks. */
export function programSearchPath(): string {
  return [process.env.PATH ?? "", "/usr/sbin", "/usr/local/sbin"].join(delimiter);
}

/** Connection string of the PostgreSQL server that a whole test run shares, when there is one. */
export function sharedTestPostgres(): string | null {
  return z.url().safeParse(process.env.TEATREE_TEST_POSTGRES).data ?? null;
}

/** Tells the worker processes of this test run which server they share. */
export function announceTestPostgres(url: string): void {
  process.env.TEATREE_TEST_POSTGRES = url;
}

/** The environment for children, with what the parts are to be told added. */
export function childEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** The settings of this start. Throws a StartError that names what is wrong. */
export function readSettings(): Settings {
  return parseSettings(process.env, process.cwd());
}

/** The process without which this start has no purpose, a test run for example. */
export function startedBy(): number | null {
  return z.coerce.number().int().min(1).safeParse(process.env.TEATREE_PARENT_PID).data ?? null;
}
