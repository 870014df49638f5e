import type { IntentId } from "@teatree/shared/contracts/ids";
import type { Logger } from "@teatree/shared/runtime/logger";
import { connectNats, type NatsConnection, watchConnection } from "@teatree/shared/runtime/nats";
import { RETRIES, retry } from "@teatree/shared/runtime/retry";
import { jobChangedSubject } from "@teatree/shared/subjects";

/** Live messages over NATS. Truth lies in the control database: what is lost here is read there. */
export interface Bus {
  publish(subject: string, payload: string): void;
  /** Resolves when the server has what was published; rejects while there is no connection. */
  flush(): Promise<void>;
  /** Tells event streams to look again; silently nothing without a connection. */
  jobsChanged(ids: Iterable<IntentId>): void;
  close(): Promise<void>;
}

/** Connects in the background: a manager applies intents also while NATS is away. `onConnect` follows every (re)connect. */
export function openBus(options: {
  url: string;
  name: string;
  logger: Logger;
  signal: AbortSignal;
  onConnect: () => void;
}): Bus {
  let connection: NatsConnection | undefined;
  let connected = () => false;

  retry({ ...RETRIES.background, name: "nats" }, () => connectNats(options.url, options.name), {
    signal: options.signal,
    onRetry: (error) => options.logger.warn({ error }, "NATS cannot be reached; trying again"),
  }).then(
    (opened) => {
      connection = opened;
      connected = watchConnection(opened, options.onConnect).connected;
      options.onConnect();
    },
    (error) => options.signal.aborted || options.logger.error({ error }, "NATS cannot be used"),
  );

  function alive(): NatsConnection {
    if (connection && connected()) return connection;
    throw Object.assign(new Error("not connected to NATS"), { code: "ECONNREFUSED" });
  }

  return {
    publish: (subject, payload) => alive().publish(subject, payload),
    flush: async () => alive().flush(),
    jobsChanged(ids) {
      if (!connection || !connected()) return;
      for (const id of ids) connection.publish(jobChangedSubject(id));
    },
    close: async () => connection?.close(),
  };
}
