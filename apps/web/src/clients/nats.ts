/** What the page hears of its connection for live messages. */
export type LiveStatus = "connecting" | "online" | "reconnecting" | "closed";

export type LiveConnection = {
  /** Calls back for each message until the function it returns is called. */
  subscribe: (subject: string, onMessage: (payload: unknown) => void) => () => void;
  close: () => void;
};

/**
 * Connects to NATS through this page's own origin; the session cookie is the identity. Reconnects for ever by itself.
 * The library comes in its own chunk: the page is usable before it.
 */
export async function connectLive(onStatus: (status: LiveStatus) => void): Promise<LiveConnection> {
  const { connect, Events } = await import("nats.ws");
  const connection = await connect({
    servers: liveUrl(window.location),
    name: "workbench",
    maxReconnectAttempts: -1,
    reconnectTimeWait: 1_000,
    reconnectJitter: 500,
    timeout: 5_000,
    waitOnFirstConnect: false,
  });
  onStatus("online");
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === Events.Disconnect) onStatus("reconnecting");
      else if (type === Events.Reconnect) onStatus("online");
    }
  })();
  void connection.closed().then(() => onStatus("closed"));
  return {
    subscribe(subject, onMessage) {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) onMessage(parse(() => message.json()));
        },
      });
      return () => subscription.unsubscribe();
    },
    close: () => void connection.close(),
  };
}

/** nats.ws needs the port even where it is the scheme's own. */
export function liveUrl(location: { protocol: string; hostname: string; port: string }): string {
  const secure = location.protocol === "https:";
  return `${secure ? "wss" : "ws"}://${location.hostname}:${location.port || (secure ? "443" : "80")}/api/v1/nats`;
}

function parse(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
