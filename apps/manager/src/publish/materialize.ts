import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Manifest } from "@teatree/shared/contracts/versions";
import { capture, fsync } from "./capture.ts";
import { type FileHashes, newBytesOf, rootHash } from "./manifest.ts";
import { type Published, type PublishRequest, type Timed, UNFINISHED, versionFiles } from "./publisher.ts";
import type { Verifier } from "./verify.ts";

/** The work of the publisher's process: copy, hash, fsync, verify, rename, fsync of the folder. */
export function createMaterializer(verifier: Verifier): (request: PublishRequest) => Promise<Published> {
  // The parent's block list is mostly the one just published; reading a manifest of 1 MB again would cost milliseconds.
  let last: { manifestFile: string; hashes: FileHashes } | undefined;

  async function parentHashes(request: PublishRequest): Promise<FileHashes | null> {
    if (!request.parent) return null;
    if (last?.manifestFile === request.parent.manifestFile) return last.hashes;
    return Manifest.parse(
      JSON.parse(await readFile(join(request.versionsDir, request.parent.manifestFile), "utf8")),
    );
  }

  return async (request) => {
    const files = versionFiles(request.model, request.version, request.epoch);
    const target = join(request.versionsDir, files.file);
    const manifestTarget = join(request.versionsDir, files.manifestFile);
    const [copy, manifestCopy] = [target + UNFINISHED, manifestTarget + UNFINISHED];
    const begin = clock();
    try {
      await mkdir(dirname(target), { recursive: true });
      const [hashes, parent] = await Promise.all([
        capture(request.liveFile, copy, request.blockSize),
        parentHashes(request),
      ]);
      const hash = rootHash(hashes);
      // The disk is busy with the fsync and the processor with verification: neither waits for the other.
      const verifying = timed(() =>
        verifier.verify(copy, {
          version: request.version,
          ledgerHead: request.ledgerHead,
          tables: request.tables,
        }),
      );
      const durable = Promise.all([
        fsync(copy),
        writeFile(manifestCopy, JSON.stringify(manifestOf(request, hashes, hash)), { flush: true }),
      ]);
      const [verify] = await settleBoth(verifying, durable);
      await rename(copy, target);
      await rename(manifestCopy, manifestTarget);
      await fsync(dirname(target));
      last = { manifestFile: files.manifestFile, hashes };
      const newBytes = newBytesOf(hashes, parent);
      return { ...files, bytes: hashes.bytes, newBytes, hash, publish: begin.timed(), verify };
    } catch (error) {
      await Promise.all([rm(copy, { force: true }), rm(manifestCopy, { force: true })]);
      throw error;
    }
  };
}

/** As Promise.all, but waits for both before it rejects: a file must not be removed under the other's hands. */
async function settleBoth<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

function manifestOf(request: PublishRequest, hashes: FileHashes, hash: string): Manifest {
  const { model, version, createdAt, intents, tables, reads, storageVersion, engineVersion } = request;
  const parent = request.parent?.version ?? null;
  const { bytes, blockSize, header, blocks } = hashes;
  return {
    model,
    version,
    parent,
    createdAt,
    hash,
    bytes,
    blockSize,
    header,
    blocks,
    intents,
    tables,
    reads,
    storageVersion,
    engineVersion,
  };
}

function clock() {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  return { timed: (): Timed => ({ startedAt, durationMs: performance.now() - start }) };
}

async function timed(work: () => Promise<void>): Promise<Timed> {
  const begin = clock();
  await work();
  return begin.timed();
}
