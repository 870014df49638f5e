import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The content of `path`; when it is not there, `make()` is written to it first, readable by the owner only.
 * Written beside and renamed, so that a cut in between cannot leave half a secret behind.
 */
export async function keptSecret(path: string, make: () => string): Promise<string> {
  const known = await readFile(path, "utf8").catch(() => "");
  if (known.trim() !== "") return known.trim();
  const fresh = make();
  await writePrivate(path, `${fresh}\n`);
  return fresh;
}

/** Replaces `path` at once; only the owner may read it. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode: 0o600 });
  await chmod(beside, 0o600);
  await rename(beside, path);
}
