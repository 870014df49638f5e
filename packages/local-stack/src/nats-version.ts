import { isAtLeast, OLDEST_NATS } from "@teatree/shared/runtime/nats";
import { runCommand } from "./run-command.ts";

/** The version that a nats-server program reports, or null when it does not run. */
export async function versionOf(binary: string): Promise<string | null> {
  try {
    const text = await runCommand(binary, ["--version"], { timeoutMs: 5_000 });
    return /v(\d+\.\d+\.\d+\S*)/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** True when `binary` runs here and is new enough. */
export async function isGoodNats(binary: string): Promise<boolean> {
  const version = await versionOf(binary);
  return version !== null && isAtLeast(version, OLDEST_NATS);
}
