import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const TOOLS = join(ROOT, ".tools");
export const LOGS = join(TOOLS, "logs");
