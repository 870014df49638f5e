import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { natsFromRelease, pinnedRelease } from "./nats-release.ts";

let folder = "";
let archive = Buffer.alloc(0);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "teatree-release-"));
  await mkdir(join(folder, "nats-server-v9"));
  await writeFile(join(folder, "nats-server-v9", "nats-server"), "the program");
  execFileSync("tar", ["-czf", "made.tar.gz", "nats-server-v9"], { cwd: folder });
  archive = await readFile(join(folder, "made.tar.gz"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Gives the address of a server that treats every request the same. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return `http://127.0.0.1:${port}/release.tar.gz`;
}

test("a release with the pinned checksum is unpacked", async () => {
  const url = await serve((_, response) => response.end(archive));
  const release = { url, sha256: sha256(archive), program: "nats-server-v9/nats-server" };
  const program = await natsFromRelease(release, join(folder, "cache"));
  expect(await readFile(program, "utf8")).toBe("the program");
});

test("a release with another checksum is not unpacked", async () => {
  const url = await serve((_, response) => response.end(archive));
  const release = { url, sha256: "0".repeat(64), program: "nats-server-v9/nats-server" };
  await expect(natsFromRelease(release, join(folder, "cache"))).rejects.toThrow(/is pinned; not used/);
  await expect(access(join(folder, "cache"))).rejects.toThrow();
});

test.each([
  ["does not answer", () => {}, /did not answer/],
  [
    "answers 404",
    (_: unknown, response: { statusCode: number; end(): void }) => {
      response.statusCode = 404;
      response.end();
    },
    /answered 404/,
  ],
])("a server that %s is given up", async (_, listener, message) => {
  const url = await serve(listener);
  const release = { url, sha256: sha256(archive), program: "nats-server-v9/nats-server" };
  await expect(natsFromRelease(release, join(folder, "cache"), 200)).rejects.toThrow(message);
});

test("each platform with a published checksum has a pinned release, others have none", () => {
  const found = (["linux x64", "linux arm64", "win32 x64", "darwin arm64", "sunos x64"] as const).map(
    (pair) => {
      const [platform = "", architecture = ""] = pair.split(" ");
      return pinnedRelease(platform, architecture)?.url.split("/").at(-1) ?? null;
    },
  );
  expect(found).toEqual([
    "nats-server-v2.14.5-linux-amd64.tar.gz",
    "nats-server-v2.14.5-linux-arm64.tar.gz",
    "nats-server-v2.14.5-windows-amd64.zip",
    null,
    null,
  ]);
});
