import { parseArgs } from "node:util";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { ModelId } from "@teatree/shared/contracts/ids";
import { openObjectStore } from "@teatree/shared/object-store/open-object-store";
import { z } from "zod";
import { rebuildVersion } from "./archive/rebuild.ts";
import { readObjectStoreConfig } from "./env.ts";

const HELP = `Makes a DuckDB file of a version from its Parquet archive; nothing else of Teatree is needed.

  node apps/manager/src/rebuild-main.ts --model <id> [--version <n>] --out <file.duckdb>

  --model    the model's id, as the folders below models/ in the object store are named
  --version  without it the newest version in the archive
  --out      the file to write; there must be none yet

The object store is said by the environment: S3_BUCKET with S3_ENDPOINT, S3_REGION and the usual
AWS credentials; or OBJECT_STORE=directory:<path>; or TEATREE_HOME, for its folder objects.`;

const Arguments = z.object({
  model: ModelId,
  version: z.coerce.number().int().min(1).optional(),
  out: z.string().min(1),
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      version: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const given = Arguments.safeParse(values);
  if (!given.success) {
    say(`${z.prettifyError(given.error)}\n\n${HELP}`);
    return 2;
  }
  const { model, version, out } = given.data;
  const store = await openObjectStore(readObjectStoreConfig());
  try {
    await rebuildVersion({ store, modelId: model, out, say, ...(version === undefined ? {} : { version }) });
    return 0;
  } finally {
    await store.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const code = error instanceof TeatreeError ? `${error.code}: ` : "";
  say(`${code}${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
