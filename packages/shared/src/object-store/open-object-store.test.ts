import { expect, test } from "vitest";
import { objectStoreConfigFromEnv } from "./open-object-store.ts";

test.each([
  [{ OBJECT_STORE: "directory:/data/objects" }, { kind: "directory", path: "/data/objects" }],
  [{ TEATREE_HOME: "/data" }, { kind: "directory", path: "/data/objects" }],
  [
    { S3_BUCKET: "tea", TEATREE_HOME: "/data", OBJECT_STORE: "" },
    { kind: "s3", bucket: "tea", region: "us-east-1", forcePathStyle: false, checksums: true },
  ],
  [
    { S3_BUCKET: "tea", S3_ENDPOINT: "http://127.0.0.1:9000", S3_REGION: "eu", S3_CHECKSUMS: "false" },
    {
      kind: "s3",
      bucket: "tea",
      endpoint: "http://127.0.0.1:9000",
      region: "eu",
      forcePathStyle: true,
      checksums: false,
    },
  ],
])("%o means %o", (env, config) => {
  expect(objectStoreConfigFromEnv(env)).toEqual(config);
});

test.each([{}, { OBJECT_STORE: "bucket:tea" }, { S3_BUCKET: "tea", S3_ENDPOINT: "not a url" }])(
  "%o is refused",
  (env) => {
    expect(() => objectStoreConfigFromEnv(env)).toThrow();
  },
);
