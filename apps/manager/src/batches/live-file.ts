import { rm } from "node:fs/promises";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { errorCodeOf } from "@teatree/shared/runtime/error-code";
import type { Logger } from "@teatree/shared/runtime/logger";
import { identityOf, type ProcessIdentity } from "../lease/process-identity.ts";
import {
  beginReplacement,
  finishReplacement,
  type PublishedFile,
  prepareWorkDir,
  putAside,
  startOver,
  sweepWorkDirs,
  type WorkDir,
  type WriteVersion,
} from "../lease/work-dir.ts";
import { noteWriter } from "../lease/writer-lock.ts";
import type { WriterEvent } from "../writer/protocol.ts";
import { openWriter, type Writer } from "../writer/writer-host.ts";

export interface LiveFile {
  /** The writer on the model's live file; opened anew when the one before died. */
  writer(): Promise<Writer>;
  /** The folder it lies in; moves when the file is started over. */
  dir(): WorkDir;
  /** Interrupts the intent when it runs now; false: it does not. */
  cancel(id: IntentId): boolean;
  /** Ends the writer's process at once, whatever it does. The next {@link writer} goes on from what was committed. */
  kill(): Promise<void>;
  /** Gives the live file up for a copy of the last published version; what came after must be applied again. */
  startOver(published: PublishedFile | null): Promise<void>;
  /**
   * Runs `make` in a folder of its own, with the live file closed and at rest, then puts what it made in the live file's place. When
   * it throws, the live file stays. What it gives is passed on.
   */
  replace<T>(make: (folder: WorkDir) => Promise<T>): Promise<T>;
  /** Runs `make` in a folder of its own that is gone afterwards; the live file is not touched. */
  aside<T>(make: (folder: WorkDir) => Promise<T>): Promise<T>;
  /** A writer on the file of such a folder. The caller closes it. */
  openAside(folder: WorkDir, copyFrom?: string): Promise<Writer>;
  close(): Promise<void>;
}

export type LiveFileOptions = {
  /** `work/<model>`. */
  modelDir: string;
  epoch: number;
  self: ProcessIdentity;
  memoryLimitBytes: number;
  threads: number;
  logger: Logger;
  /** Makes the live file from a published version. */
  write: WriteVersion;
  onEvent: (event: WriterEvent) => void;
};

type Open = { writer: Writer; alive: boolean };

/** Finds or makes the live file of this epoch and opens the writer on it. A file that cannot be opened is put aside. */
export async function openLiveFile(
  options: LiveFileOptions,
  published: PublishedFile | null,
): Promise<LiveFile> {
  const { modelDir, epoch, logger, write } = options;
  let workDir = await prepareWorkDir(modelDir, epoch, published, write, logger);
  let open: Open | undefined;

  function openOn(dir: WorkDir, copyFrom?: string): Promise<Writer> {
    return openWriter({
      liveFile: dir.liveFile,
      stagingDir: dir.stagingDir,
      memoryLimitBytes: options.memoryLimitBytes,
      threads: options.threads,
      ...(copyFrom === undefined ? {} : { copyFrom }),
      logger: logger.child({ part: "writer" }),
      onEvent: options.onEvent,
    });
  }

  async function start(dir: WorkDir): Promise<Open> {
    await noteWriter(dir.path, { manager: options.self, writer: null });
    const writer = await openOn(dir);
    const opened = { writer, alive: true };
    writer.exited.then(() => {
      opened.alive = false;
    });
    await noteWriter(dir.path, { manager: options.self, writer: identityOf(writer.pid) });
    return opened;
  }

  async function aside<T>(make: (folder: WorkDir) => Promise<T>): Promise<T> {
    const folder = await beginReplacement(workDir);
    try {
      return await make(folder);
    } finally {
      await rm(folder.path, { recursive: true, force: true });
    }
  }

  async function close(): Promise<void> {
    if (open?.alive) await open.writer.close();
  }

  async function replaceAll(published: PublishedFile | null): Promise<void> {
    await kill();
    await putAside(modelDir, workDir);
    workDir = await startOver(modelDir, epoch, published, write);
    open = await start(workDir);
  }

  async function kill(): Promise<void> {
    if (!open?.alive) return;
    process.kill(open.writer.pid, "SIGKILL");
    await open.writer.exited;
  }

  try {
    open = await start(workDir);
  } catch (error) {
    // A full disk or missing memory says nothing about the file.
    if (workDir.origin !== "adopted" || errorCodeOf(error) === "disk_full") throw error;
    logger.error({ error, workDir: workDir.path }, "the live file cannot be opened; starting over");
    await replaceAll(published);
  }
  await sweepWorkDirs(modelDir, epoch);

  return {
    async writer() {
      if (!open?.alive) open = await start(workDir);
      return open.writer;
    },
    dir: () => workDir,
    cancel: (id) => (open?.alive ? open.writer.cancel(id) : false),
    kill,
    startOver: replaceAll,
    aside,
    openAside: openOn,
    replace: (make) =>
      aside(async (folder) => {
        await close();
        const made = await make(folder);
        workDir = await finishReplacement(workDir, folder);
        return made;
      }),
    close,
  };
}
