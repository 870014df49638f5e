import { expect, test } from "vitest";
import { natsSignIn } from "./nats-address.ts";

test.each([
  ["nats://127.0.0.1:5000", { servers: ["127.0.0.1:5000"] }],
  ["127.0.0.1", { servers: ["127.0.0.1:4222"] }],
  ["nats://tea:a%20b@host:1", { servers: ["host:1"], user: "tea", pass: "a b" }],
  ["nats://tea:leaf@a:1, nats://b:2", { servers: ["a:1", "b:2"], user: "tea", pass: "leaf" }],
])("%s is split for the client", (url, expected) => {
  expect(natsSignIn(url)).toEqual(expected);
});
