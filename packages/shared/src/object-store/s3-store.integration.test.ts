import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectStore } from "./object-store.ts";
import { openS3Store, type S3Config } from "./s3-store.ts";
import { itKeepsTheStoreContract } from "./testing/store-contract.ts";
import { type S3Peer, startSwiftPeer } from "./testing/swift-peer.ts";

let peer: S3Peer;
const opened: ObjectStore[] = [];

beforeAll(async () => {
  peer = await startSwiftPeer();
}, 180_000);
afterAll(async () => {
  for (const store of opened) await store.close();
  await peer[Symbol.asyncDispose]();
});

function open(changes: Partial<S3Config> = {}): ObjectStore {
  const { endpoint, region, bucket, credentials } = peer;
  const config = { endpoint, region, bucket, credentials, forcePathStyle: true, checksums: true };
  const store = openS3Store({ ...config, ...changes });
  opened.push(store);
  return store;
}

describe.each([true, false])("the S3 driver, checksums %s", (checksums) => {
  let store: ObjectStore;
  beforeAll(() => {
    store = open({ checksums });
  });
  itKeepsTheStoreContract(() => store, { looksBeforeItWrites: true });
});

describe("the S3 driver", () => {
  test("leaves no parts behind of an upload that broke off", async () => {
    const source = Readable.from(
      (async function* () {
        yield randomBytes(17 * 1024 * 1024);
        throw new Error("the client went away");
      })(),
    );
    await expect(open().put("models/m/broken", source)).rejects.toThrow();
    const client = new S3Client({ ...peer, forcePathStyle: true });
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: peer.bucket }));
    client.destroy();
    expect(Uploads ?? []).toEqual([]);
  });

  test("a wrong key is unavailable and says why", async () => {
    const stranger = open({ credentials: { ...peer.credentials, secretAccessKey: "guessed" } });
    await expect(stranger.put("models/m/x", Buffer.from("x"))).rejects.toMatchObject({
      code: "unavailable",
      details: { reason: "SignatureDoesNotMatch" },
    });
    await expect(stranger.check()).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a bucket that is not there, and a server that is not there, are unavailable", async () => {
    const refused = { code: "unavailable" };
    await expect(open({ bucket: "nowhere" }).check()).rejects.toMatchObject(refused);
    await expect(open({ bucket: "nowhere" }).put("a/b", Buffer.from("x"))).rejects.toMatchObject(refused);
    await expect(open({ endpoint: "http://127.0.0.1:9" }).check()).rejects.toMatchObject(refused);
  });
});
