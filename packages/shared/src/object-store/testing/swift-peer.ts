import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { repositoryRoot } from "@teatree/local-stack/env";
import { programIn, unpackDebian } from "./unpacked-debian.ts";

const SUITE = "forky";
const credentials = { accessKeyId: "teatree:tester", secretAccessKey: "not-much-of-a-secret" };

export interface S3Peer extends AsyncDisposable {
  endpoint: string;
  region: string;
  bucket: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/**
 * A real S3 server that others wrote: OpenStack Swift with its S3 API, which checks signatures, digests and lengths and
 * knows create-if-absent. Fetched once from Debian (41 MB, about 10 s), then ready in 2 s. Objects live in memory.
 */
export async function startSwiftPeer(): Promise<S3Peer> {
  const unpacked = join(repositoryRoot(), ".tools", `swift-${SUITE}`);
  await unpackDebian("python3-swift", SUITE, unpacked);
  const folder = await mkdtemp(join(tmpdir(), "teatree-test-swift-"));
  const [command = "", ...first] = await programIn(unpacked, "python3");
  const script = join(import.meta.dirname, "swift-server.py");
  const child = spawn(
    command,
    [...first, script, folder, credentials.accessKeyId, credentials.secretAccessKey],
    {
      env: {
        PYTHONHOME: join(unpacked, "usr"),
        PYTHONPATH: join(unpacked, "usr", "lib", "python3", "dist-packages"),
        PYTHONWARNINGS: "ignore",
        LANG: "C.UTF-8",
      },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  const exited = once(child, "exit");
  const complaints = collect(child.stderr);
  const port = await firstPort(child.stdout);
  if (port === undefined) {
    await exited;
    throw new Error(`OpenStack Swift did not start:\n${complaints()}`);
  }
  const peer = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", bucket: "teatree", credentials };
  await createBucket(peer);
  return {
    ...peer,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createBucket({
  endpoint,
  region,
  bucket,
}: Omit<S3Peer, keyof AsyncDisposable>): Promise<void> {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

async function firstPort(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const match = /^READY (\d+)$/.exec(line);
    if (match) return match[1];
  }
  return undefined;
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text = (text + chunk).slice(-8_192);
  });
  return () => text;
}
