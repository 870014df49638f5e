import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { LOGS, ROOT } from "./paths.mjs";
import { Explained, runQuietly } from "./run.mjs";
import { filesBelow, hashOf, stampMatches, writeStamp } from "./stamp.mjs";

const WEB = join(ROOT, "apps", "web");
const CURRENT = join(WEB, ".next");
/** next.config reads where to build from NEXT_DIST_DIR. */
const ASIDE = ".next-fresh";

/**
 * Builds the pages when their sources changed. A build that fails leaves a broken folder behind, so it runs
 * beside the current one, which is replaced only on success.
 */
export async function buildWeb(progress, { pnpm, env }) {
  const stamp = join(CURRENT, "teatree-build");
  const hash = hashOf(sources());
  if (stampMatches(stamp, hash)) return;
  await progress.step("Building the web app", (detail) => build(pnpm, env, detail));
  writeStamp(stamp, hash);
}

function sources() {
  const isSource = (path) => !/(\.test\.tsx?|next-env\.d\.ts|\.tsbuildinfo)$/.test(path);
  const folders = [WEB, join(ROOT, "packages", "shared", "src")];
  return [...folders.flatMap(filesBelow).filter(isSource), join(ROOT, "pnpm-lock.yaml")];
}

async function build([command, ...first], env, detail) {
  const fresh = join(WEB, ASIDE);
  const previous = join(WEB, ".next-previous");
  rmSync(fresh, { recursive: true, force: true });
  try {
    await runQuietly(command, [...first, "--filter", "@teatree/web", "build"], {
      cwd: ROOT,
      env: { ...env, NEXT_TELEMETRY_DISABLED: "1", NEXT_DIST_DIR: ASIDE, NODE_ENV: "production" },
      log: join(LOGS, "web-build.log"),
      onLine: detail,
    });
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Explained(
      `The web app could not be built (all of it: .tools/logs/web-build.log).\n${error.message}`,
    );
  }
  rmSync(previous, { recursive: true, force: true });
  if (existsSync(CURRENT)) renameSync(CURRENT, previous);
  renameSync(fresh, CURRENT);
  rmSync(previous, { recursive: true, force: true });
}
