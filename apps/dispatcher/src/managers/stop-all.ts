import { setTimeout as delay } from "node:timers/promises";
import { modelsWithManager } from "@teatree/shared/control-db/goal-models";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { stopManager } from "./manager-calls.ts";

/**
 * Local start only: ends every manager, also those that an earlier dispatcher of this start launched before it was
 * killed, and waits until their leases are released. Never rejects.
 */
export async function stopAllManagers(parts: {
  pool: Pool;
  secret: string;
  logger: Logger;
  limitMs: number;
}): Promise<void> {
  const deadline = performance.now() + parts.limitMs;
  try {
    const asked = await modelsWithManager(parts.pool);
    await Promise.all(
      asked.map(({ id, managerUrl }) =>
        managerUrl === null ? undefined : stopManager(parts.secret, id, managerUrl).catch(() => {}),
      ),
    );
    while (performance.now() < deadline && (await modelsWithManager(parts.pool)).length > 0) await delay(50);
  } catch (error) {
    parts.logger.warn({ error }, "managers could not be asked to stop");
  }
}
