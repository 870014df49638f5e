import type { BlockStore } from "@teatree/shared/block-store/block-store";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { ObjectStore } from "@teatree/shared/object-store/open-object-store";
import type { Logger } from "@teatree/shared/runtime/logger";
import type { Sessions } from "./access/sessions.ts";
import type { Queue } from "./queue/queue.ts";
import type { Managers } from "./reads/managers.ts";

/** What the handlers work with; made once by server.ts. */
export type WebContext = {
  pool: Pool;
  store: ObjectStore;
  blocks: BlockStore;
  queue: Queue;
  managers: Managers;
  sessions: Sessions;
  logger: Logger;
  versionsDirectory: string;
  uploadLimitBytes: number;
  /** Aborted when the server begins to stop: streams end, waiting ends. */
  stopping: AbortSignal;
};
