import { join } from "node:path";
import { z } from "zod";
import { writePrivate } from "./private-file.ts";

/** Addresses with passwords of the servers that this start uses, by the names of the parts' environment. */
export const Connections = z.looseObject({ DATABASE_URL: z.string(), NATS_URL: z.string() });
export type Connections = z.infer<typeof Connections>;

export function connectionsFile(home: string): string {
  return join(home, "secrets", "connections.json");
}

/** For people who want to look into the servers (`psql`, `nats`) and for tests; only the owner may read it. */
export async function writeConnections(home: string, connections: Connections): Promise<void> {
  await writePrivate(connectionsFile(home), `${JSON.stringify(connections, null, 2)}\n`);
}
