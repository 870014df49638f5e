import { createHash } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** One downloadable release of nats-server for one platform. */
export interface NatsRelease {
  url: string;
  /** Of the archive, in hex. */
  sha256: string;
  /** Path of the program within the archive. */
  program: string;
}

/**
 * The newest release whose checksums the project's own container recipes publish (nats-io/nats-docker).
 * They list no macOS builds; there Homebrew's nats-server on PATH is the way.
 */
const VERSION = "2.14.5";
const SHA256: Record<string, string> = {
  "linux-amd64.tar.gz": "5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355",
  "linux-arm64.tar.gz": "673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c",
  "windows-amd64.zip": "f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb",
};

/** The pinned release for a Node platform and architecture, or null when none is pinned. */
export function pinnedRelease(platform: string, architecture: string): NatsRelease | null {
  const os = platform === "win32" ? "windows" : platform;
  const build = `${os}-${architecture === "x64" ? "amd64" : architecture}`;
  const file = `${build}.${os === "windows" ? "zip" : "tar.gz"}`;
  const sha256 = SHA256[file];
  if (sha256 === undefined) return null;
  const name = `nats-server-v${VERSION}-${build}`;
  return {
    url: `https://github.com/nats-io/nats-server/releases/download/v${VERSION}/nats-server-v${VERSION}-${file}`,
    sha256,
    program: join(name, os === "windows" ? "nats-server.exe" : "nats-server"),
  };
}

/**
 * Downloads, checks and unpacks a release below `workFolder`; gives the path of the program.
 * Throws when the server does not begin to answer within `answerMs`, or the checksum differs: nothing is unpacked then.
 */
export async function natsFromRelease(
  release: NatsRelease,
  workFolder: string,
  answerMs = 4_000,
): Promise<string> {
  const bytes = await download(release.url, answerMs);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== release.sha256) {
    throw new Error(`${release.url} has SHA-256 ${sha256} where ${release.sha256} is pinned; not used`);
  }
  await mkdir(workFolder, { recursive: true });
  const folder = await mkdtemp(join(workFolder, "release-"));
  await writeFile(join(folder, "archive"), bytes);
  await runCommand("tar", ["-xf", "archive"], { cwd: folder });
  return join(folder, release.program);
}

async function download(url: string, answerMs: number): Promise<Buffer> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`${url} did not answer`)), answerMs);
  const response = await fetch(url, { signal: silence.signal }).finally(() => clearTimeout(timer));
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
