import { setProgress } from "@teatree/shared/control-db/intents";
import type { Db } from "@teatree/shared/control-db/pool";
import type { VersionRow } from "@teatree/shared/control-db/versions";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { ArchiveDone } from "../archive/archiver.ts";
import type { WriterEvent } from "../writer/protocol.ts";
import type { Journal } from "./journal.ts";
import { wordBytes, wordCount } from "./wording.ts";

const PROGRESS_EVERY_MS = 300;

/** Brings what the writer tells while an intent runs into its job: log lines all, progress a few times a second. */
export function writerEvents(options: { db: Db; journal: Journal; logger: Logger }) {
  let lastProgress = 0;
  return (event: WriterEvent): void => {
    const { intentId, at } = event;
    if (event.kind === "log") {
      options.journal.add(intentId, { kind: "log", at, level: event.level, step: "apply", line: event.line });
      return;
    }
    if (performance.now() - lastProgress < PROGRESS_EVERY_MS) return;
    lastProgress = performance.now();
    options.journal.add(intentId, { kind: "progress", at, progress: event.progress });
    setProgress(options.db, intentId, event.progress).catch((error) => {
      options.logger.debug({ error }, "progress was not recorded");
    });
  };
}

export function reportArchived(journal: Journal, version: VersionRow, done: ArchiveDone): void {
  const { startedAt, durationMs, exported } = done;
  const bytes = exported.reduce((sum, table) => sum + table.bytes, 0);
  const detail = `${wordCount(exported.length, "table")}, ${wordBytes(bytes)}`;
  journal.step(version.intents, { name: "archive", startedAt, durationMs, detail });
  for (const { table, key } of exported) {
    journal.log(version.intents, "info", "archive", `${table} → ${key}`);
  }
}
