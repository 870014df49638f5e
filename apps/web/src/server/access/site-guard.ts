import type { IncomingHttpHeaders } from "node:http";
import { TeatreeError } from "@teatree/shared/contracts/errors";

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** The `Host` values a server on this address answers to. */
export function allowedHosts(host: string, port: number): Set<string> {
  const named = host.includes(":") ? `[${host}]` : host;
  const names = new Set([...LOOPBACK_NAMES, named.toLowerCase()]);
  return new Set([...names].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/**
 * Throws `forbidden` for a foreign `Host` (a name that was re-bound to this machine) and for a foreign `Origin`
 * (another site's page, which would bring the user's cookie). Programs send no `Origin`; browsers always do where it
 * matters: `originNeeded` for WebSockets.
 */
export function checkSite(
  headers: IncomingHttpHeaders,
  allowed: Set<string>,
  { originNeeded = false }: { originNeeded?: boolean } = {},
): void {
  const host = headers.host?.toLowerCase() ?? "";
  if (!allowed.has(host)) {
    throw new TeatreeError("forbidden", "This server does not answer to that host name.", {
      details: { host },
    });
  }
  const { origin } = headers;
  if (origin === undefined && !originNeeded) return;
  if (origin === undefined || !allowed.has(hostOfOrigin(origin))) {
    throw new TeatreeError("forbidden", "Requests from other sites are refused.", { details: { origin } });
  }
}

function hostOfOrigin(origin: string): string {
  return /^http:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase() ?? "";
}
