import { resolve } from "node:path";
import { z } from "zod";
import { openDirectoryStore } from "./directory-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { openS3Store, type S3Config } from "./s3-store.ts";

export type { ByteRange, ObjectBytes, ObjectStore, PutOptions, StoredObject } from "./object-store.ts";

export type ObjectStoreConfig = { kind: "directory"; path: string } | ({ kind: "s3" } & S3Config);

/** Opens the store; a directory is made when absent, a bucket must exist. */
export async function openObjectStore(config: ObjectStoreConfig): Promise<ObjectStore> {
  return config.kind === "directory" ? openDirectoryStore(config.path) : openS3Store(config);
}

const Environment = z.object({
  OBJECT_STORE: z.string().optional(),
  TEATREE_HOME: z.string().optional(),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default("us-east-1"),
  S3_FORCE_PATH_STYLE: z.stringbool().optional(),
  S3_CHECKSUMS: z.stringbool().default(true),
});

/**
 * `OBJECT_STORE=directory:<path>`, or `S3_BUCKET` with `S3_ENDPOINT`, `S3_REGION`, `S3_FORCE_PATH_STYLE` (default:
 * true when there is an endpoint), `S3_CHECKSUMS=false` for stores without CRC32, and the usual AWS credentials;
 * with neither the directory `objects` below `TEATREE_HOME`. Throws with a readable text when none can be made of it.
 */
export function objectStoreConfigFromEnv(env: Record<string, string | undefined>): ObjectStoreConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = Environment.parse(given);
  if (parsed.OBJECT_STORE !== undefined) {
    const match = /^directory:(.+)$/.exec(parsed.OBJECT_STORE);
    if (match?.[1] === undefined)
      throw new Error("OBJECT_STORE must read directory:<path>; for S3 set S3_BUCKET");
    return { kind: "directory", path: resolve(match[1]) };
  }
  if (parsed.S3_BUCKET !== undefined) {
    return {
      kind: "s3",
      bucket: parsed.S3_BUCKET,
      region: parsed.S3_REGION,
      forcePathStyle: parsed.S3_FORCE_PATH_STYLE ?? parsed.S3_ENDPOINT !== undefined,
      checksums: parsed.S3_CHECKSUMS,
      ...(parsed.S3_ENDPOINT === undefined ? {} : { endpoint: parsed.S3_ENDPOINT }),
    };
  }
  if (parsed.TEATREE_HOME !== undefined) {
    return { kind: "directory", path: resolve(parsed.TEATREE_HOME, "objects") };
  }
  throw new Error("No object store: set OBJECT_STORE=directory:<path>, S3_BUCKET or TEATREE_HOME");
}
