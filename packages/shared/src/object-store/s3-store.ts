import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { measure, readableOf } from "./measured-stream.ts";
import {
  assertObjectKey,
  assertObjectPrefix,
  type ListedObject,
  type ObjectStore,
  objectNotFound,
  type PutOptions,
  resolveRange,
  type StoredObject,
} from "./object-store.ts";
import { asStoreError, isStatus } from "./s3-errors.ts";
import { partSize, partsOf } from "./s3-parts.ts";

export interface S3Config {
  bucket: string;
  region: string;
  /** Absent: AWS. */
  endpoint?: string;
  forcePathStyle: boolean;
  /** False for stores that do not know the SDK's CRC32 checksums (`requestChecksumCalculation: WHEN_REQUIRED`). */
  checksums: boolean;
  /** Absent: the SDK's usual chain (environment, profile, instance role). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** Memory per upload is two parts. S3's floor is 5 MiB. */
const USUAL_PART_BYTES = 8 * 1024 * 1024;

/** An object store in one S3 bucket, which must exist. */
export function openS3Store(config: S3Config): ObjectStore {
  const { bucket: Bucket } = config;
  const when = config.checksums ? "WHEN_SUPPORTED" : "WHEN_REQUIRED";
  const client = new S3Client({
    region: config.region,
    forcePathStyle: config.forcePathStyle,
    requestChecksumCalculation: when,
    responseChecksumValidation: when,
    maxAttempts: 3,
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    ...(config.credentials === undefined ? {} : { credentials: config.credentials }),
  });

  async function put(key: string, source: Readable | Uint8Array, options: PutOptions = {}) {
    assertObjectKey(key);
    const meter = measure(options);
    const origin = readableOf(source);
    // pipe() does not hand errors on: a source that breaks off must end the upload.
    origin.once("error", (error) => meter.through.destroy(error));
    const parts = partsOf(origin.pipe(meter.through), partSize(options.bytes, USUAL_PART_BYTES));
    try {
      const first = (await parts.next()).value ?? new Uint8Array();
      const second = await parts.next();
      if (second.done === true) {
        const measured = meter.finish();
        return { ...measured, created: await putWhole(key, first, options.ifAbsent === true) };
      }
      const all = chain([first, second.value], parts);
      const created = await putParts(key, all, () => meter.finish(), options.ifAbsent === true);
      return { ...created.measured, created: created.created } satisfies StoredObject;
    } catch (error) {
      throw asStoreError(error);
    } finally {
      origin.destroy();
      meter.through.destroy();
    }
  }

  async function putWhole(Key: string, Body: Uint8Array, ifAbsent: boolean): Promise<boolean> {
    const condition = ifAbsent ? { IfNoneMatch: "*" } : {};
    return createdUnlessPresent(ifAbsent, () =>
      client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: Body.length, ...condition })),
    );
  }

  async function putParts<T>(
    Key: string,
    parts: AsyncIterable<Uint8Array>,
    finish: () => T,
    ifAbsent: boolean,
  ): Promise<{ measured: T; created: boolean }> {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key,
        ...(config.checksums ? { ChecksumAlgorithm: "CRC32" } : {}),
      }),
    );
    const upload = { Bucket, Key, UploadId };
    try {
      const sent: { PartNumber: number; ETag?: string; ChecksumCRC32?: string }[] = [];
      for await (const Body of parts) {
        const PartNumber = sent.length + 1;
        const { ETag, ChecksumCRC32 } = await client.send(
          new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length }),
        );
        sent.push({ PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
      }
      // Before the upload is completed: afterwards a wrong object would be there.
      const measured = finish();
      const condition = ifAbsent ? { IfNoneMatch: "*" } : {};
      const created = await createdUnlessPresent(ifAbsent, () =>
        client.send(
          new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: sent }, ...condition }),
        ),
      );
      if (!created) await abort(upload);
      return { measured, created };
    } catch (error) {
      await abort(upload);
      throw error;
    }
  }

  // Parts that nobody completes are invisible and cost money for ever; a failure here must not hide the first one.
  async function abort(upload: { Bucket: string; Key: string; UploadId: string | undefined }): Promise<void> {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
  }

  async function head(key: string): Promise<{ bytes: number } | null> {
    assertObjectKey(key);
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
      return { bytes: found.ContentLength ?? 0 };
    } catch (error) {
      if (isStatus(error, 404)) return null;
      throw asStoreError(error);
    }
  }

  return {
    put,
    putFile: (key, path, options) => put(key, createReadStream(path), options),
    async get(key, range) {
      assertObjectKey(key);
      const wanted = range === undefined ? undefined : resolveRange(range, Number.MAX_SAFE_INTEGER);
      const last = range?.end ?? "";
      const header = wanted === undefined ? {} : { Range: `bytes=${wanted.start}-${last}` };
      try {
        const found = await client.send(new GetObjectCommand({ Bucket, Key: key, ...header }));
        if (!(found.Body instanceof Readable)) throw new Error("S3 gave no stream");
        return { stream: found.Body, bytes: found.ContentLength ?? 0 };
      } catch (error) {
        if (isStatus(error, 404)) throw objectNotFound(key, error);
        throw asStoreError(error);
      }
    },
    head,
    async remove(key) {
      assertObjectKey(key);
      try {
        await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      } catch (error) {
        if (!isStatus(error, 404)) throw asStoreError(error);
      }
    },
    list: (prefix) => listObjects(client, Bucket, prefix),
    async check() {
      try {
        await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(3_000) });
      } catch (error) {
        throw asStoreError(error);
      }
    },
    async close() {
      client.destroy();
    },
  };
}

async function createdUnlessPresent(ifAbsent: boolean, send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (ifAbsent && isStatus(error, 412)) return false;
    throw error;
  }
}

async function* chain(first: Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}

async function* listObjects(client: S3Client, Bucket: string, Prefix: string): AsyncGenerator<ListedObject> {
  assertObjectPrefix(Prefix);
  let ContinuationToken: string | undefined;
  do {
    const token = ContinuationToken === undefined ? {} : { ContinuationToken };
    const page = await client
      .send(new ListObjectsV2Command({ Bucket, Prefix, ...token }))
      .catch((error: unknown) => {
        throw asStoreError(error);
      });
    for (const { Key, Size } of page.Contents ?? []) {
      if (Key !== undefined) yield { key: Key, bytes: Size ?? 0 };
    }
    ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
}
