import { expect, test } from "vitest";
import { isLoopback, parseSettings, StartError, webUrl } from "./settings.ts";

test("an empty environment gives the documented defaults", () => {
  expect(parseSettings({}, "/clone")).toEqual({
    port: 3000,
    host: "127.0.0.1",
    home: "/clone/.teatree",
    token: null,
    sample: "flights",
    databaseUrl: null,
    nats: null,
    s3Bucket: null,
  });
});

test("an empty variable counts as absent", () => {
  expect(parseSettings({ PORT: "", TEATREE_HOME: "", NATS_URL: "", TEATREE_SAMPLE: "" }, "/clone")).toEqual(
    parseSettings({}, "/clone"),
  );
});

test.each([
  [{ PORT: "http" }, /PORT=http/],
  [{ PORT: "70000" }, /PORT=70000/],
  [{ PORT: "-1" }, /PORT=-1/],
  [{ HOST: "my host" }, /HOST=my host/],
  [{ TEATREE_SAMPLE: "movies" }, /TEATREE_SAMPLE=movies/],
  [{ DATABASE_URL: "mysql://x" }, /DATABASE_URL/],
  [{ NATS_URL: "localhost" }, /NATS_URL/],
  [{ PORT: "x", HOST: "-" }, /PORT=x.*HOST=-/s],
])("%o is refused by name", (environment, message) => {
  expect(() => parseSettings(environment, "/clone")).toThrow(StartError);
  expect(() => parseSettings(environment, "/clone")).toThrow(message);
});

test("a refused token is not repeated", () => {
  expect(() => parseSettings({ TEATREE_TOKEN: "secret" }, "/clone")).toThrow(/^(?!.*secret)/);
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:3000"],
  ["0.0.0.0", "http://127.0.0.1:3000"],
  ["::", "http://[::1]:3000"],
  ["::1", "http://[::1]:3000"],
  ["localhost", "http://localhost:3000"],
])("what listens on %s is opened at %s", (host, url) => {
  expect(webUrl(host, 3000)).toBe(url);
});

test.each([
  ["127.0.0.1", true],
  ["127.8.0.1", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.2", false],
  ["127.0.0.1.example.org", false],
])("%s is reached by this machine alone: %s", (host, alone) => {
  expect(isLoopback(host)).toBe(alone);
});
