import { blockHandlers } from "./blocks.ts";
import { compareHandlers } from "./compare.ts";
import { downloadHandlers } from "./downloads.ts";
import type { Handlers } from "./handler.ts";
import { healthHandlers } from "./health.ts";
import { intentHandlers } from "./intents.ts";
import { jobHandlers } from "./jobs.ts";
import { modelHandlers } from "./models.ts";
import { notebookHandlers } from "./notebooks.ts";
import { notificationHandlers } from "./notifications.ts";
import { previewHandlers } from "./preview.ts";
import { queryHandlers } from "./queries.ts";
import { retentionHandlers } from "./retention.ts";
import { uploadHandlers } from "./uploads.ts";
import { versionHandlers } from "./versions.ts";

/** All of `/api/v1`. */
export const handlers: Handlers = {
  ...healthHandlers,
  ...modelHandlers,
  ...uploadHandlers,
  ...intentHandlers,
  ...previewHandlers,
  ...jobHandlers,
  ...versionHandlers,
  ...downloadHandlers,
  ...blockHandlers,
  ...retentionHandlers,
  ...queryHandlers,
  ...compareHandlers,
  ...notebookHandlers,
  ...notificationHandlers,
};
