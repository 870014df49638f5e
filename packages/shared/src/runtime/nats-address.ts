/** The part of a NATS client's options that a `NATS_URL` decides. */
export interface NatsSignIn {
  servers: string[];
  user?: string;
  pass?: string;
}

/**
 * Splits a `NATS_URL` such as `nats://user:password@host:4222` (several with commas) for `connect()`:
 * the client takes no credentials within an address, and fails on them with a misleading "connection refused".
 * The credentials of the first address that has any hold for all.
 */
export function natsSignIn(urls: string): NatsSignIn {
  const parsed = urls.split(",").map((url) => {
    const text = url.trim();
    return new URL(text.includes("://") ? text : `nats://${text}`);
  });
  const named = parsed.find((url) => url.username !== "");
  return {
    servers: parsed.map((url) => `${url.hostname}:${url.port || "4222"}`),
    ...(named ? { user: decodeURIComponent(named.username), pass: decodeURIComponent(named.password) } : {}),
  };
}
