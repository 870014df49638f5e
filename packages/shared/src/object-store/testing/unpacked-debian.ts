import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { localDebianMirror } from "@teatree/local-stack/nats-from-debian";
import { runCommand } from "@teatree/local-stack/run-command";

/**
 * Unpacks a Debian package with everything it needs, down to the C library, into `folder`, once; later calls find it
 * there. Needs apt and no root, and changes nothing in the system: programs in it run through their own dynamic
 * linker, see {@link programIn}. Throws a text for people when this machine has no Debian mirror.
 */
export async function unpackDebian(packageName: string, suite: string, folder: string): Promise<void> {
  if (await exists(folder)) return;
  const mirror = await localDebianMirror();
  if (mirror === null) {
    throw new Error(
      `${packageName} comes from Debian's ${suite}, and this machine has no apt with a Debian mirror`,
    );
  }
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const lists = join(work, "lists");
    const archives = join(work, "cache", "archives");
    await mkdir(join(lists, "partial"), { recursive: true });
    await mkdir(join(archives, "partial"), { recursive: true });
    await writeFile(join(work, "status"), "");
    const source = `deb [signed-by=${mirror.keyring}] ${mirror.uri} ${suite} main\n`;
    await writeFile(join(work, "sources.list"), source);
    const apt = [
      `Dir::Etc::sourcelist=${join(work, "sources.list")}`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::lists=${lists}`,
      // Nothing counts as installed, so that nothing of the system is needed.
      `Dir::State::status=${join(work, "status")}`,
      `Dir::Cache=${join(work, "cache")}`,
      "APT::Sandbox::User=root",
      "Debug::NoLocking=1",
      "Acquire::Languages=none",
      "Acquire::Retries=2",
      "Acquire::http::Timeout=10",
    ].flatMap((option) => ["-o", option]);
    const options = { cwd: work, timeoutMs: 120_000 };
    await runCommand("apt-get", [...apt, "-qq", "update"], options);
    const install = ["-qq", "-y", "--no-install-recommends", "--download-only", "install", packageName];
    await runCommand("apt-get", [...apt, ...install], options);
    const unpacked = join(work, "unpacked");
    for (const name of await readdir(archives)) {
      if (name.endsWith(".deb")) await runCommand("dpkg-deb", ["-x", join(archives, name), unpacked]);
    }
    await rename(unpacked, folder).catch(async (error: unknown) => {
      // Another test worker was faster.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Command and first arguments that run a program of an unpacked package with its own C library. */
export async function programIn(folder: string, program: string): Promise<string[]> {
  const libraries = join(folder, "usr", "lib");
  const machine = (await readdir(libraries)).find((name) => name.endsWith("-linux-gnu"));
  const linkerFolder = join(libraries, machine ?? "");
  const linker = (await readdir(linkerFolder)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  if (machine === undefined || linker === undefined) throw new Error(`no dynamic linker below ${libraries}`);
  return [join(linkerFolder, linker), "--library-path", linkerFolder, join(folder, "usr", "bin", program)];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
