import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DebianMirror, debianMirror } from "./debian-mirror.ts";
import { runCommand } from "./run-command.ts";

/** The suite whose nats-server is new enough; its package runs on older Debian too. */
const SUITE = "forky";

/** The mirror of this machine when it is a Debian with apt, else null. */
export async function localDebianMirror(): Promise<DebianMirror | null> {
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch(() => []);
  const paths = ["/etc/apt/sources.list", ...names.map((name) => join(folder, name))];
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8").catch(() => "")));
  return debianMirror(texts);
}

/**
 * Unpacks nats-server from a newer Debian suite below `workFolder` and gives the path of the program.
 * Needs no root, and changes nothing in the system: apt gets its own lists, cache and sources.
 * apt checks the archive's signature and the package's hash.
 */
export async function natsFromDebian(mirror: DebianMirror, workFolder: string): Promise<string> {
  await mkdir(workFolder, { recursive: true });
  const folder = await mkdtemp(join(workFolder, "debian-"));
  const lists = join(folder, "lists");
  const cache = join(folder, "cache");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  await writeFile(
    join(folder, "sources.list"),
    `deb [signed-by=${mirror.keyring}] ${mirror.uri} ${SUITE} main\n`,
  );
  const own = [
    `Dir::Etc::sourcelist=${join(folder, "sources.list")}`,
    "Dir::Etc::sourceparts=-",
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
    "Acquire::Retries=2",
    "Acquire::http::Timeout=10",
  ].flatMap((option) => ["-o", option]);
  await runCommand("apt-get", [...own, "-qq", "update"], { cwd: folder, timeoutMs: 120_000 });
  await runCommand("apt-get", [...own, "-qq", "download", "nats-server"], {
    cwd: folder,
    timeoutMs: 120_000,
  });
  const packageFile = (await readdir(folder)).find((name) => name.endsWith(".deb"));
  if (packageFile === undefined) throw new Error(`Debian ${SUITE} gave no nats-server package`);
  await runCommand("dpkg", ["-x", packageFile, "unpacked"], { cwd: folder });
  await Promise.all([lists, cache].map((path) => rm(path, { recursive: true, force: true })));
  for (const bin of ["usr/sbin", "usr/bin"]) {
    const binary = join(folder, "unpacked", bin, "nats-server");
    if (
      await access(binary).then(
        () => true,
        () => false,
      )
    )
      return binary;
  }
  throw new Error(`Debian ${SUITE}'s nats-server package holds no nats-server program`);
}
