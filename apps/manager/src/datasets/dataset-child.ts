import { serveParent } from "../children/serve-parent.ts";
import { DatasetCall } from "./dataset-call.ts";
import { exportDataset } from "./export-table.ts";

const scratchDir = process.env.TEATREE_DATASET_SCRATCH ?? "";

serveParent(DatasetCall, (call) => exportDataset(call, scratchDir));
