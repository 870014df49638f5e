import { runCommand } from "./run-command.ts";

/** Below this, options that Teatree relies on (batched direct get, auth callout, token cookie) are ignored in silence. */
export const OLDEST_NATS = "2.12.0";

/** Whether a version such as `2.15.1` or `v2.12.0-RC.1` is at least `oldest`. Anything unreadable is not. */
export function isAtLeast(version: string, oldest: string): boolean {
  const numbers = /(\d+)\.(\d+)\.(\d+)/;
  const [have, want] = [numbers.exec(version), numbers.exec(oldest)];
  if (have === null || want === null) return false;
  for (const part of [1, 2, 3]) {
    const difference = Number(have[part]) - Number(want[part]);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

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
