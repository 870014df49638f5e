import { isAlive } from "@teatree/shared/runtime/shutdown";
import { childEnvironment } from "./env.ts";
import { endAll, markedProcesses, marksInUse } from "./process-identity.ts";

const OWNER = "TEATREE_TEST_OWNER";

/** Marks a server as belonging to this test process. */
export function testServerEnvironment(): NodeJS.ProcessEnv {
  return childEnvironment({ [OWNER]: String(process.pid) });
}

/** Ends the servers of test processes that were killed before they could: each would stay for ever. */
export async function endTestLeftovers(): Promise<void> {
  const owners = await marksInUse(OWNER);
  const gone = owners.filter((owner) => /^\d+$/.test(owner) && !isAlive(Number(owner)));
  const leftovers = await Promise.all(gone.map((owner) => markedProcesses(OWNER, owner)));
  await endAll(leftovers.flat(), "SIGINT", 2_000);
}
