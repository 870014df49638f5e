import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LOGS, ROOT } from "./paths.mjs";
import { Explained, runQuietly } from "./run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DOWNLOADS = "https://cdn.playwright.dev";

/**
 * Path of a Chromium for the browser tests: TEATREE_CHROMIUM, else one on PATH, else Playwright's own,
 * else Debian's package when we may install it. Tests get it as TEATREE_CHROMIUM.
 */
export async function chromium(progress, tools) {
  const named = process.env.TEATREE_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Explained(`TEATREE_CHROMIUM names ${named}, which is not there.`);
  }
  return onPath() ?? (await fromPlaywright(progress, tools)) ?? (await fromDebian(progress)) ?? nothing();
}

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(existsSync) ?? null;
}

async function fromPlaywright(progress, { node, env }) {
  const cwd = join(ROOT, "playwright");
  const ask = 'const { chromium } = await import("@playwright/test"); console.log(chromium.executablePath())';
  const path = (await runQuietly(node, ["--input-type=module", "-e", ask], { cwd, env })).trim();
  if (existsSync(path)) return path;
  if (!(await reachable(DOWNLOADS))) return null;
  const cli = join(cwd, "node_modules", "@playwright", "test", "cli.js");
  try {
    await progress.step("Fetching Chromium for the browser tests", (detail) =>
      runQuietly(node, [cli, "install", "chromium"], {
        cwd,
        env,
        onLine: detail,
        log: join(LOGS, "chromium.log"),
      }),
    );
  } catch {
    return null;
  }
  return existsSync(path) ? path : null;
}

async function reachable(url) {
  const deadline = AbortSignal.timeout(4_000);
  return fetch(url, { method: "HEAD", signal: deadline }).then(
    () => true,
    () => false,
  );
}

/** Only as root: its dozens of libraries unpacked elsewhere would be a system of its own. */
async function fromDebian(progress) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const log = join(LOGS, "chromium.log");
  try {
    await progress.step("Installing Debian's chromium for the browser tests", async (detail) => {
      await runQuietly("apt-get", ["-qq", "update"], { env, log });
      const flags = ["-y", "--no-install-recommends"];
      await runQuietly("apt-get", ["install", ...flags, "chromium"], { env, log, onLine: detail });
    });
  } catch (error) {
    progress.warn(error.message);
  }
  return onPath();
}

function nothing() {
  throw new Explained(
    [
      "No Chromium for the browser tests.",
      "Install one so that `chromium` or `google-chrome` is on PATH, or name it: TEATREE_CHROMIUM=/path npm test.",
      "The other tests run without it: npm test -- static unit",
    ].join("\n"),
  );
}
