import { access, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Progress } from "../../../tools/progress.mjs";
import { type SampleApi, sampleApi } from "./sample-api.ts";

const MODEL = "flights";
const DESCRIPTION = "Three million US domestic flights of January to June 2001, and the airports they use.";

/** Fixed ids: a load that was cut anywhere goes on where it was, and nothing is loaded twice. */
const IMPORTS = [
  { id: "01930000-0000-7000-8000-00000000f001", table: "flights", file: "flights-3m.parquet" },
  { id: "01930000-0000-7000-8000-00000000f002", table: "airports", file: "airports.csv" },
];
const NOTEBOOK = { id: "01930000-0000-7000-8000-00000000f003", title: "Flights in five cells", model: MODEL };

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
    const api = sampleApi(url, token);
    await api.ensureModel(MODEL, DESCRIPTION);
    for (const entry of IMPORTS) await importOnce(api, entry, detail);
    const body = await readFile(join(import.meta.dirname, "..", "sample", "flights.md"), "utf8");
    await api.ensureNotebook({ ...NOTEBOOK, body });
  });
  await writeFile(marker, `${new Date().toISOString()}\n`);
}

async function importOnce(
  api: SampleApi,
  { id, table, file }: (typeof IMPORTS)[number],
  detail: (text: string) => void,
): Promise<void> {
  if ((await api.job(id)) === null) {
    detail(`uploading ${file}`);
    const { uploadId } = await api.upload(MODEL, join(dataFolder(), file));
    await api.submit(MODEL, { id, function: "import", args: { table, uploadId, mode: "create" } });
  }
  await api.applied(id, ({ status }) => detail(`${table} ${status}`));
}

/** vega-datasets exports only its loader; the data lies beside it. */
function dataFolder(): string {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  return join(dirname(entry), "..", "data");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
