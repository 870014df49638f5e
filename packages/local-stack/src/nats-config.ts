/** What the configuration of an embedded nats-server depends on. */
export interface NatsSettings {
  serverName: string;
  port: number;
  monitorPort: number;
  webSocketPort: number;
  storeFolder: string;
  password: string;
  systemPassword: string;
  /** Public account key that signs answers of the auth callout. */
  calloutIssuer: string;
}

export const NATS_ACCOUNT = "TEATREE";
export const NATS_USER = "teatree";
export const NATS_SYSTEM_USER = "system";

/**
 * Configuration text. Teatree's own servers sign in with a password; every other connection (a browser, by its
 * session cookie) is decided by the auth callout that the web app answers in the account TEATREE.
 * `sync_interval: always`: an acknowledged intent must survive the machine.
 */
export function natsConfig(settings: NatsSettings): string {
  const text = (value: string) => JSON.stringify(value);
  const user = (name: string, password: string) => `{ user: ${name}, password: ${text(password)} }`;
  return `
server_name: ${text(settings.serverName)}
listen: "127.0.0.1:${settings.port}"
http: "127.0.0.1:${settings.monitorPort}"
jetstream { store_dir: ${text(settings.storeFolder)}, sync_interval: always }
websocket {
  listen: "127.0.0.1:${settings.webSocketPort}"
  no_tls: true
  token_cookie: "teatree_session"
}
accounts {
  SYS: { users: [ ${user(NATS_SYSTEM_USER, settings.systemPassword)} ] }
  ${NATS_ACCOUNT}: { jetstream: enabled, users: [ ${user(NATS_USER, settings.password)} ] }
}
system_account: SYS
authorization {
  auth_callout {
    issuer: ${settings.calloutIssuer}
    account: ${NATS_ACCOUNT}
    auth_users: [ ${NATS_USER}, ${NATS_SYSTEM_USER} ]
  }
}
`;
}
