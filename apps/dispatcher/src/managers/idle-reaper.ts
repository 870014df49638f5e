import { setTimeout as delay } from "node:timers/promises";
import { type GoalModel, modelsWithManager } from "@teatree/shared/control-db/goal-models";
import { modelsWithOpenIntents } from "@teatree/shared/control-db/intents";
import type { Pool } from "@teatree/shared/control-db/pool";
import type { Logger } from "@teatree/shared/runtime/logger";
import { mayStop } from "./idle.ts";
import { managerHealth, stopManager } from "./manager-calls.ts";

export interface ReaperParts {
  pool: Pool;
  secret: string;
  logger: Logger;
  signal: AbortSignal;
  /** A manager that had nothing to do for longer is stopped. */
  idleMs: number;
}

/** Asks every manager now and then how long it has been idle, whoever launched it, until the signal aborts. */
export function startIdleReaper(parts: ReaperParts): { settled(): Promise<void> } {
  const everyMs = Math.min(15_000, Math.max(50, parts.idleMs / 4));
  const loop = async () => {
    while (!parts.signal.aborted) {
      await delay(everyMs, undefined, { signal: parts.signal }).catch(() => {});
      if (parts.signal.aborted) return;
      try {
        await reap(parts);
      } catch (error) {
        parts.logger.warn({ error }, "idle managers could not be looked for");
      }
    }
  };
  const running = loop();
  return { settled: () => running };
}

async function reap(parts: ReaperParts): Promise<void> {
  const managers = await modelsWithManager(parts.pool);
  if (managers.length === 0) return;
  const open = new Map((await modelsWithOpenIntents(parts.pool)).map((row) => [row.modelId, row.open]));
  await Promise.all(managers.map((model) => reapOne(parts, model, open.get(model.id) ?? 0)));
}

async function reapOne(parts: ReaperParts, model: GoalModel, openIntents: number): Promise<void> {
  if (model.managerUrl === null) return;
  const idleMs = await managerHealth(parts.secret, model.id, model.managerUrl).then(
    (health) => health.idleMs,
    () => null,
  );
  if (!mayStop({ idleMs, limitMs: parts.idleMs, openIntents })) return;
  parts.logger.info({ modelId: model.id, idleMs }, "stopping an idle manager");
  await stopManager(parts.secret, model.id, model.managerUrl).catch((error: unknown) =>
    parts.logger.warn({ error, modelId: model.id }, "manager could not be asked to stop"),
  );
}
