import { connect, type NatsConnection } from "@nats-io/transport-node";
import { natsSignIn } from "./nats-address.ts";

export type { NatsConnection } from "@nats-io/transport-node";

/** Options that Teatree leans on are silently ignored by older servers, so the version is asserted. */
export const OLDEST_NATS = "2.12.0";

/**
 * A connection that comes back by itself for ever. Throws when the first attempt fails (wrap it in `retry` where
 * the server may still be starting) or when the server is older than {@link OLDEST_NATS}.
 */
export async function connectNats(url: string, name: string): Promise<NatsConnection> {
  const connection = await connect({
    ...natsSignIn(url),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 100,
    // A server that is just restarting may refuse a right password for a moment.
    ignoreAuthErrorAbort: true,
    // A dead peer is noticed after 2 × 5 s even when its socket stays open.
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 5_000,
  });
  const version = connection.info?.version ?? "unknown";
  if (!isAtLeast(version, OLDEST_NATS)) {
    await connection.close();
    throw new Error(`nats-server ${version} is too old: ${OLDEST_NATS} or newer is needed`);
  }
  return connection;
}

export interface ConnectionWatch {
  /** Whether a publish has a chance right now. */
  connected(): boolean;
}

/**
 * Follows a connection's status. `onReconnect` is called after each reconnect,
 * when what was missed meanwhile must be looked up elsewhere.
 */
export function watchConnection(connection: NatsConnection, onReconnect?: () => void): ConnectionWatch {
  let connected = !connection.isClosed();
  const follow = async () => {
    for await (const status of connection.status()) {
      if (status.type === "disconnect" || status.type === "staleConnection" || status.type === "close") {
        connected = false;
      }
      if (status.type === "reconnect") {
        connected = true;
        onReconnect?.();
      }
    }
    connected = false;
  };
  void follow().catch(() => {
    connected = false;
  });
  return { connected: () => connected && !connection.isClosed() };
}

/** Compares dotted version numbers; a pre-release suffix counts as the release. */
export function isAtLeast(version: string, oldest: string): boolean {
  const parts = (text: string) => text.split(/[-+]/)[0]?.split(".").map(Number) ?? [];
  const have = parts(version);
  for (const [index, need] of parts(oldest).entries()) {
    const part = have[index] ?? 0;
    if (Number.isNaN(part)) return false;
    if (part !== need) return part > need;
  }
  return true;
}
