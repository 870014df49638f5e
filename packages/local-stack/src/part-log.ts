import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";

const ROTATE_BYTES = 10 * 1024 * 1024;

export function partLogPath(home: string, part: string): string {
  return join(home, "logs", `${part}.log`);
}

/** Opens `<home>/logs/<part>.log` for appending; one that passed 10 MB becomes `<part>.log.1` first. */
export async function openPartLog(home: string, part: string): Promise<WriteStream> {
  const path = partLogPath(home, part);
  await mkdir(join(home, "logs"), { recursive: true });
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > ROTATE_BYTES) await rename(path, `${path}.1`);
  const log = createWriteStream(path, { flags: "a", mode: 0o600 });
  // A full disk must not take the supervisor down with it.
  log.on("error", () => {});
  log.write(`--- start of ${part}, ${new Date().toISOString()}\n`);
  return log;
}
