import { chown, mkdir } from "node:fs/promises";
import { runCommand } from "./run-command.ts";

/** How to start a program that refuses to run as root. */
export interface Unprivileged {
  command: string;
  args: (program: string, args: string[]) => string[];
  uid?: number;
  gid?: number;
}

const MAP = ["--user", "--map-user=1000", "--map-group=1000", "--"];

/**
 * As an ordinary user programs start as they are. As root, a user namespace lets the program see another user
 * while it still may enter folders that only root can (0700 homes); where that is forbidden, the system's
 * `postgres` user is used and `folder` given to it.
 */
export async function unprivileged(program: string, folder: string): Promise<Unprivileged> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return { command: program, args: (_, args) => args };
  if (await succeeds("unshare", [...MAP, program, "--version"])) {
    return { command: "unshare", args: (target, args) => [...MAP, target, ...args] };
  }
  const [uid, gid] = await Promise.all([idOf("-u"), idOf("-g")]);
  if (uid === null || gid === null) {
    throw new Error(
      "PostgreSQL refuses to run as root, user namespaces are not allowed here, and there is no user `postgres`. " +
        "Start as another user, or set DATABASE_URL to a server of your own.",
    );
  }
  await chown(folder, uid, gid);
  return { command: program, args: (_, args) => args, uid, gid };
}

async function succeeds(command: string, args: string[]): Promise<boolean> {
  return runCommand(command, args, { timeoutMs: 5_000 }).then(
    () => true,
    () => false,
  );
}

async function idOf(flag: "-u" | "-g"): Promise<number | null> {
  return runCommand("id", [flag, "postgres"]).then(Number, () => null);
}
