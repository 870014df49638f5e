import { join } from "node:path";
import { until } from "@teatree/local-stack/polling";
import { createLogger } from "@teatree/shared/runtime/logger";
import { startArchiver } from "../archive/archiver.ts";
import type { PublishedHistory } from "./published-history.ts";

/** Runs the real archiver until a version is archived. */
export async function archiveThrough(model: PublishedHistory, version: number): Promise<void> {
  const archiver = startArchiver({
    db: model.pool,
    storeEnv: model.storeEnv,
    modelId: model.modelId,
    epoch: 1,
    versionsDir: model.versionsDir,
    scratchDir: join(model.home, "scratch"),
    logger: createLogger("test", "silent"),
    onArchived: () => undefined,
  });
  archiver.kick();
  await until(
    `version ${version} is archived`,
    async () => (await model.version(version)).archivedAt ?? undefined,
  );
  await archiver.stop();
}
