import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { authorize } from "../server/access/authorize.ts";
import { allowedHosts, checkSite } from "../server/access/site-guard.ts";
import type { WebContext } from "../server/context.ts";
import type { NatsProxy } from "../server/live/nats-proxy.ts";
import type { Pages } from "../server/site/pages.ts";
import { asTeatreeError } from "./errors.ts";

const NATS_PATH = "/api/v1/nats";

type Options = {
  context: WebContext;
  host: string;
  port: number;
  proxy: NatsProxy | undefined;
  pages: Pages | undefined;
};

/** Every protocol upgrade: NATS for signed-in pages of this site; all others are refused, or they would hang. */
export function handleUpgrades(server: Server, { context, host, port, proxy, pages }: Options): void {
  const hosts = allowedHosts(host, port);

  async function take(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (request.url?.split("?")[0] !== NATS_PATH) {
      if (pages?.upgrade(request, socket, head)) return;
      throw new TeatreeError("not_found", "Nothing here takes an upgrade.");
    }
    checkSite(request.headers, hosts, { originNeeded: true });
    const session = context.sessions.cookieValue(request.headers);
    authorize(await context.sessions.bySession(session), "session");
    // A refused upgrade is tried again by the page; a refusal by nats-server soon ends its trying.
    if (proxy === undefined || !context.queue.connected()) {
      throw new TeatreeError("unavailable", "Live updates are not available right now.");
    }
    proxy.open(request, socket, head, session ?? "");
  }

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener an early reset would end the process.
    socket.on("error", () => socket.destroy());
    take(request, socket, head).catch((error: unknown) => refuse(socket, asTeatreeError(error)));
  });
}

function refuse(socket: Duplex, error: TeatreeError): void {
  const body = JSON.stringify(error.toBody());
  const head = [
    `HTTP/1.1 ${error.status} ${error.code}`,
    "Connection: close",
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
