import { expect, test } from "vitest";
import { readEnv } from "./env.ts";

const complete = {
  DATABASE_URL: "postgres://127.0.0.1/teatree",
  NATS_URL: "nats://127.0.0.1:4222",
  TEATREE_HOME: "/data",
  TEATREE_TOKEN: "token-of-eight",
  TEATREE_SECRET: "secret-of-sixteen-characters",
};

test("what is optional has its default, and folders lie below the home", () => {
  expect(readEnv(complete)).toMatchObject({
    host: "127.0.0.1",
    port: 3000,
    uploadLimitBytes: 1024 ** 3,
    versionsDirectory: "/data/versions",
    objectStore: { kind: "directory", path: "/data/objects" },
    development: false,
  });
});

test("an empty variable is an absent one", () => {
  expect(readEnv({ ...complete, PORT: "", NATS_WS_URL: "" })).toMatchObject({
    port: 3000,
    natsWebSocketUrl: undefined,
  });
});

test("everything that is missing or wrong is named at once", () => {
  const { DATABASE_URL: _, ...rest } = complete;
  expect(() => readEnv({ ...rest, PORT: "99999", TEATREE_SECRET: "short" })).toThrow(
    /(?=.*DATABASE_URL)(?=.*PORT)(?=.*TEATREE_SECRET)/s,
  );
});
