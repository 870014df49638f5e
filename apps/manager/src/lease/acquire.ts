import type { ModelId } from "@teatree/shared/contracts/ids";
import { modelById } from "@teatree/shared/control-db/goal-models";
import { takeLease } from "@teatree/shared/control-db/leases";
import type { Db } from "@teatree/shared/control-db/pool";
import { isProvablyDead, ProcessIdentity } from "./process-identity.ts";

/** A lease just taken. `deadlineBase` is performance.now() before it was asked for: its time runs from there at the latest. */
export type TakenLease = { epoch: number; deadlineBase: number };

/**
 * Takes the model's lease; null when somebody holds it. The lease of a holder that is proven dead (same machine, process gone)
 * is taken at once instead of waiting for its end.
 */
export async function acquireLease(
  db: Db,
  request: { modelId: ModelId; self: ProcessIdentity; ttlMs: number },
): Promise<TakenLease | null> {
  const wanted = { modelId: request.modelId, holder: holderText(request.self), ttlMs: request.ttlMs };
  const deadlineBase = performance.now();
  const taken = await takeLease(db, wanted);
  if (taken) return { epoch: taken.epoch, deadlineBase };
  const deadHolder = await provablyDeadHolder(db, request.modelId);
  if (deadHolder === null) return null;
  const secondBase = performance.now();
  const inherited = await takeLease(db, { ...wanted, deadHolder });
  return inherited ? { epoch: inherited.epoch, deadlineBase: secondBase } : null;
}

async function provablyDeadHolder(db: Db, modelId: ModelId): Promise<string | null> {
  const holder = (await modelById(db, modelId))?.leaseHolder ?? null;
  const identity = parseHolder(holder);
  return identity !== null && isProvablyDead(identity) ? holder : null;
}

/** How a process stands in `goal_model.lease_holder`. */
export function holderText(identity: ProcessIdentity): string {
  return JSON.stringify([identity.machine, identity.pid, identity.startedAt]);
}

/** Null for a text that is no holder of ours. */
function parseHolder(text: string | null): ProcessIdentity | null {
  try {
    const [machine, pid, startedAt] = JSON.parse(text ?? "[]");
    return ProcessIdentity.safeParse({ machine, pid, startedAt }).data ?? null;
  } catch {
    return null;
  }
}
