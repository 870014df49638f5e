import { openAsBlob } from "node:fs";
import { access, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type ApiClient, createApiClient } from "@teatree/shared/client/api";
import { type ErrorCode, TeatreeError } from "@teatree/shared/contracts/errors";
import { IntentId, NotebookId } from "@teatree/shared/contracts/ids";
import { isFinal, type Job } from "@teatree/shared/contracts/jobs";
import type { Progress } from "../../../tools/progress.mjs";
import { until } from "./polling.ts";

const MODEL = "flights";
const DESCRIPTION = "Three million US domestic flights of January to June 2001, and the airports they use.";

/** Fixed ids: a load that was cut anywhere goes on where it was, and nothing is loaded twice. */
const IMPORTS = [
  {
    id: IntentId.parse("01930000-0000-7000-8000-00000000f001"),
    table: "flights",
    file: "flights-3m.parquet",
  },
  { id: IntentId.parse("01930000-0000-7000-8000-00000000f002"), table: "airports", file: "airports.csv" },
];
const NOTEBOOK = NotebookId.parse("01930000-0000-7000-8000-00000000f003");
const TITLE = "Flights in five cells";
const JOB_LIMIT_MS = 120_000;

/**
 * Loads the sample the way a user would: through the public API, as two intents that make two versions.
 * Does nothing when this home has had it: who deleted it does not want it back.
 */
export async function loadSample(
  url: string,
  token: string,
  home: string,
  progress: Progress,
): Promise<void> {
  const marker = join(home, "sample-loaded");
  if (await exists(marker)) return;
  await progress.step("Sample: three million flights", async (detail) => {
    const api = createApiClient({ baseUrl: url, token });
    const model = await nullWhen("model_not_found", api.getModel({ params: { model: MODEL } }));
    if (model === null) await api.createModel({ body: { name: MODEL, description: DESCRIPTION } });
    for (const entry of IMPORTS) await importOnce(api, entry, detail);
    await createNotebookOnce(api);
  });
  await writeFile(marker, `${new Date().toISOString()}\n`);
}

async function importOnce(
  api: ApiClient,
  { id, table, file }: (typeof IMPORTS)[number],
  detail: (text: string) => void,
): Promise<void> {
  if ((await jobOf(api, id)) === null) {
    detail(`uploading ${file}`);
    const blob = await openAsBlob(join(dataFolder(), file));
    const { uploadId } = await api.createUpload({ model: MODEL, filename: file, file: blob });
    await api.submitIntent(MODEL, { id, function: "import", args: { table, uploadId, mode: "create" } });
  }
  detail(`importing ${table}`);
  const final = await until(
    `the import of ${file}`,
    async () => {
      const job = await jobOf(api, id);
      return job !== null && isFinal(job.status) ? job : undefined;
    },
    { timeoutMs: JOB_LIMIT_MS, everyMs: 50 },
  );
  if (final.status !== "applied") {
    throw new Error(
      `the import of ${file} ended ${final.status}: ${final.error?.message ?? "no reason given"}`,
    );
  }
}

function jobOf(api: ApiClient, id: IntentId): Promise<Job | null> {
  return nullWhen("job_not_found", api.getJob({ params: { job: id } }));
}

async function createNotebookOnce(api: ApiClient): Promise<void> {
  const params = { notebook: NOTEBOOK };
  if ((await nullWhen("notebook_not_found", api.getNotebook({ params }))) !== null) return;
  const body = await readFile(join(import.meta.dirname, "..", "sample", "flights.md"), "utf8");
  await api.createNotebook({ body: { id: NOTEBOOK, title: TITLE, model: MODEL, body } });
}

async function nullWhen<T>(code: ErrorCode, call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TeatreeError && error.code === code) return null;
    throw error;
  }
}

/** vega-datasets exports only its loader; the data lies beside it. */
function dataFolder(): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("vega-datasets");
  return join(dirname(entry), "..", "data");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
