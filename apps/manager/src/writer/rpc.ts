import { ErrorBody } from "@teatree/shared/contracts/errors";
import { IntentId } from "@teatree/shared/contracts/ids";
import { z } from "zod";
import { LedgerContinuation } from "./continue-ledger.ts";
import { PreviewCall } from "./preview-call.ts";
import { VersionInfo, WriterEvent, WriterItem } from "./protocol.ts";

/** What the manager asks of the writer's process, over its IPC channel. */
export const WriterRequest = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("open"),
    liveFile: z.string(),
    stagingDir: z.string(),
    memoryLimitBytes: z.int().min(1),
    threads: z.int().min(1),
    copyFrom: z.string().optional(),
  }),
  z.object({ kind: z.literal("apply"), item: WriterItem }),
  z.object({ kind: z.literal("cancel"), intentId: IntentId }),
  z.object({ kind: z.literal("outcomes"), after: z.int().min(0) }),
  z.object({ kind: z.literal("checkpoint"), info: VersionInfo }),
  z.object({ kind: z.literal("continue"), continuation: LedgerContinuation }),
  z.object({ kind: z.literal("preview"), call: PreviewCall }),
  z.object({ kind: z.literal("tables") }),
  z.object({ kind: z.literal("close") }),
]);
export type WriterRequest = z.infer<typeof WriterRequest>;

export const WriterCall = z.object({ id: z.int(), request: WriterRequest });
export type WriterCall = z.infer<typeof WriterCall>;

/** What comes back: the answer of a call, or an event. `head` is the ledger's head after the call. */
export const WriterReply = z.union([
  z.object({ id: z.int(), head: z.int().min(0), value: z.unknown() }),
  z.object({ id: z.int(), head: z.int().min(0), failure: ErrorBody }),
  z.object({ event: WriterEvent }),
]);
export type WriterReply = z.infer<typeof WriterReply>;
