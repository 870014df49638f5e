import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "./chromium.mjs";
import { command } from "./command.mjs";
import { ROOT } from "./paths.mjs";
import { prepare } from "./prepare.mjs";
import { failure } from "./progress.mjs";
import { Explained, runInFront } from "./run.mjs";
import { playwrightCounts, vitestCounts } from "./test-counts.mjs";

const PARTS = ["static", "unit", "browser"];
const BIN = join(ROOT, "node_modules", ".bin");

/** Each counts as one test: name, and the commands that must all succeed. */
const CHECKS = [
  ["Lint and format", [["biome", "check", "--error-on-warnings", "."]]],
  [
    "Types",
    [
      ["tsc", "-p", "tsconfig.json"],
      ["tsc", "-p", "apps/web"],
    ],
  ],
  [
    "Import rules",
    [["depcruise", "--config", "dependency-cruiser.config.mjs", "apps", "packages", "playwright", "bench"]],
  ],
  ["Dead code", [["knip"]]],
];

/** `npm test -- unit some/path` runs some parts only; what is no part goes on to the runner. */
function selection(args) {
  const parts = args.filter((arg) => PARTS.includes(arg));
  const rest = args.filter((arg) => !PARTS.includes(arg));
  if (rest.length > 0 && parts.length !== 1) {
    throw new Explained(`"${rest[0]}" is no part of the tests.\nParts are: ${PARTS.join(", ")}.`);
  }
  return { parts: parts.length > 0 ? parts : PARTS, rest };
}

async function staticChecks(progress, { env }) {
  const counts = { passed: 0, failed: 0 };
  for (const [label, commands] of CHECKS) {
    progress.note(label);
    let good = true;
    for (const [program, ...args] of commands) {
      const code = await runInFront(join(BIN, program), args, { cwd: ROOT, env });
      good = good && code === 0;
    }
    counts[good ? "passed" : "failed"] += 1;
    if (!good) progress.warn(`${label}: failed`);
  }
  return counts;
}

async function unitTests(progress, { env }, rest, folder) {
  progress.note("Unit and integration tests");
  const report = join(folder, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runInFront(join(BIN, "vitest"), ["run", ...reporters, ...rest], { cwd: ROOT, env });
  return vitestCounts(readReport(report), code);
}

async function browserTests(progress, tools, rest, folder) {
  progress.note("Browser tests");
  const report = join(folder, "playwright.json");
  const browser = await chromium(progress, tools);
  const env = { ...tools.env, TEATREE_CHROMIUM: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const cwd = join(ROOT, "playwright");
  const program = join(cwd, "node_modules", ".bin", "playwright");
  const code = await runInFront(program, ["test", "--reporter=list,json", ...rest], { cwd, env });
  return playwrightCounts(readReport(report), code);
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

/** A part that cannot even begin is a failure, and the parts after it still run. */
async function counted(progress, run) {
  try {
    return await run();
  } catch (error) {
    progress.warn(error.message);
    return { passed: 0, failed: 1 };
  }
}

/** Also a run that could not begin must end in the line that everybody reads. */
async function prepareOrFail(progress, parts) {
  try {
    return await prepare(progress, { web: parts.some((part) => part !== "static") });
  } catch (error) {
    failure(error instanceof Explained ? error.message : String(error.stack));
    console.log("0 passed, 1 failed");
    return null;
  }
}

await command(async (progress, args) => {
  const { parts, rest } = selection(args);
  const tools = await prepareOrFail(progress, parts);
  if (tools === null) return 1;
  const folder = mkdtempSync(join(tmpdir(), "teatree-reports-"));
  const runs = {
    static: () => staticChecks(progress, tools),
    unit: () => unitTests(progress, tools, rest, folder),
    browser: () => browserTests(progress, tools, rest, folder),
  };
  const total = { passed: 0, failed: 0 };
  for (const part of PARTS.filter((name) => parts.includes(name))) {
    const { passed, failed } = await counted(progress, runs[part]);
    total.passed += passed;
    total.failed += failed;
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});
