import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionCall } from "@teatree/shared/contracts/functions";
import { FunctionCall as Call } from "@teatree/shared/contracts/functions";
import { IntentId, ModelId, UploadId } from "@teatree/shared/contracts/ids";
import { formatOf } from "@teatree/shared/contracts/uploads";
import { createLogger } from "@teatree/shared/runtime/logger";
import type { WriterEvent, WriterItemInput, WriterOutcome } from "../protocol.ts";
import { openWriter, type Writer } from "../writer-host.ts";

/** One model's writer in a folder of its own, with short ways to submit. */
export type TestWriter = {
  folder: string;
  staging: string;
  liveFile: string;
  events: WriterEvent[];
  writer: Writer;
  modelId: ModelId;
  /** The next sequence, taken. */
  next: () => number;
  item: (call: FunctionCall, more?: Partial<WriterItemInput>) => WriterItemInput;
  run: (name: string, args: unknown, more?: Partial<WriterItemInput>) => Promise<WriterOutcome>;
  /** Rows of a SELECT, through an intent. */
  rows: (sql: string) => Promise<unknown[][]>;
  /** Puts a file into staging and returns what an item needs to use it. */
  upload: (
    filename: string,
    content: string | Uint8Array,
  ) => { uploadId: string; uploads: WriterItemInput["uploads"] };
  checkpoint: (version: number) => ReturnType<Writer["checkpoint"]>;
  reopen: () => Promise<void>;
  close: () => Promise<void>;
};

export async function openTestWriter(memoryLimitBytes = 250_000_000): Promise<TestWriter> {
  const folder = mkdtempSync(join(tmpdir(), "teatree-writer-"));
  const staging = join(folder, "staging");
  mkdirSync(staging);
  const liveFile = join(folder, "model.duckdb");
  const events: WriterEvent[] = [];
  const open = () =>
    openWriter({
      liveFile,
      stagingDir: staging,
      memoryLimitBytes,
      threads: 2,
      logger: createLogger("test", "silent"),
      onEvent: (event) => events.push(event),
    });
  const modelId = ModelId.parse(randomUUID());
  let sequence = 0;
  const test: TestWriter = {
    folder,
    staging,
    liveFile,
    events,
    writer: await open(),
    modelId,
    next: () => {
      sequence += 1;
      return sequence;
    },
    item: (call, more = {}) => ({
      sequence: test.next(),
      intentId: IntentId.parse(randomUUID()),
      call,
      timeoutMs: 20_000,
      ...more,
    }),
    run: (name, args, more) => test.writer.apply(test.item(Call.parse({ function: name, args }), more)),
    rows: async (sql) => {
      const outcome = await test.run("sql", { sql });
      if (!outcome.result) throw new Error(JSON.stringify(outcome.error));
      return outcome.result.rows;
    },
    upload: (filename, content) => {
      const uploadId = UploadId.parse(randomUUID());
      const path = join(staging, `${uploadId}.upload`);
      writeFileSync(path, content);
      const format = formatOf(filename);
      if (!format) throw new Error(`no format for ${filename}`);
      return { uploadId, uploads: { [uploadId]: { path, format, filename } } };
    },
    checkpoint: (version) => {
      return test.writer.checkpoint({
        model: modelId,
        version,
        parent: version > 1 ? version - 1 : null,
        createdAt: new Date().toISOString(),
        parentHash: null,
        intents: [],
      });
    },
    reopen: async () => {
      test.writer = await open();
    },
    close: async () => {
      await test.writer.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}
