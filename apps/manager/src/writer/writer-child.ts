import { TeatreeError } from "@teatree/shared/contracts/errors";
import { isFatal, sqlError } from "../gate/errors.ts";
import { type ApplyHooks, applyItem } from "./apply.ts";
import { continueLedger } from "./continue-ledger.ts";
import { outcomesAfter } from "./ledger.ts";
import { type LiveModel, openLiveModel } from "./live-model.ts";
import { previewItem } from "./preview.ts";
import type { WriterItem } from "./protocol.ts";
import { WriterCall, type WriterReply, type WriterRequest } from "./rpc.ts";
import type { Stopping } from "./stopping.ts";

// The one process that opens the live file. It ends with its parent: a writer without a manager would hold the file for ever.

let model: LiveModel | undefined;
let running: { intentId: string; stopping: Stopping } | undefined;
/** A cancel that came before its intent began. */
let cancelledEarly: string | undefined;
let queue: Promise<void> = Promise.resolve();

// An orderly exit waits for the engine's threads: a statement that runs for ever would keep an orphan alive.
process.on("disconnect", () => (model ? process.kill(process.pid, "SIGKILL") : process.exit(0)));
// The manager decides when this process ends; a terminal's Ctrl-C reaches the whole group.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("message", (message) => {
  const { id, request } = WriterCall.parse(message);
  if (request.kind === "cancel") {
    if (running?.intentId === request.intentId) running.stopping.cancel();
    else cancelledEarly = request.intentId;
    send({ id, head: model?.head() ?? 0, value: null });
    return;
  }
  // One thing at a time, in the order it was asked.
  queue = queue.then(() => answer(id, request));
});

function send(reply: WriterReply): void {
  if (process.connected) process.send?.(reply);
}

async function answer(id: number, request: WriterRequest): Promise<void> {
  try {
    const value = await handle(request);
    send({ id, head: model?.head() ?? 0, value });
  } catch (error) {
    send({ id, head: model?.head() ?? 0, failure: sqlError(error).toBody() });
    // The engine refuses everything from here on; a new process recovers from the log.
    if (isFatal(error)) setImmediate(() => process.exit(70));
  }
}

async function handle(request: WriterRequest): Promise<unknown> {
  if (request.kind === "open") {
    model = await openLiveModel(request);
    return null;
  }
  if (!model) throw new TeatreeError("internal", "The model is not open.");
  const open = model;
  switch (request.kind) {
    case "apply":
      return await withHooks(request.item, (hooks) => applyItem(open, request.item, hooks));
    case "outcomes":
      return await outcomesAfter(model.connection, request.after);
    case "checkpoint":
      return await model.checkpoint(request.info);
    case "continue":
      await continueLedger(model.connection, request.continuation);
      model.recorded(request.continuation.outcome.sequence);
      return null;
    case "preview":
      return await withHooks(request.call.item, (hooks) => previewItem(open, request.call, hooks));
    case "tables":
      return await model.state();
    case "close":
      model.close();
      model = undefined;
      setImmediate(() => process.disconnect());
      return null;
  }
}

async function withHooks<T>({ intentId }: WriterItem, work: (hooks: ApplyHooks) => Promise<T>): Promise<T> {
  const at = () => new Date().toISOString();
  try {
    return await work({
      log: (level, line) => send({ event: { kind: "log", intentId, at: at(), level, line } }),
      progress: (progress) => send({ event: { kind: "progress", intentId, at: at(), progress } }),
      running: (stopping) => {
        running = { intentId, stopping };
        if (cancelledEarly === intentId) stopping.cancel();
      },
    });
  } finally {
    running = undefined;
    if (cancelledEarly === intentId) cancelledEarly = undefined;
  }
}
