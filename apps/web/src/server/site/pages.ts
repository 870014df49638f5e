import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import next from "next";
import { newNonce, pagePolicy, SAFE_HEADERS } from "./csp.ts";

const CLOSE_LIMIT_MS = 2_000;

export type Pages = {
  render: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Hot reload of the development mode; false: not for it. */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  close: () => Promise<void>;
};

/** Next.js for the pages alone. `folder` holds the app and, unless in development, its build. */
export async function openPages(options: {
  folder: string;
  development: boolean;
  hostname: string;
  port: number;
}): Promise<Pages> {
  const { folder: dir, development: dev, hostname, port } = options;
  // Next adds an upgrade listener to the server it is given; ours must see only what it forwards itself.
  const httpServer = createServer();
  const app = next({ dev, dir, hostname, port, httpServer });
  await app.prepare();
  const handle = app.getRequestHandler();

  return {
    async render(request, response) {
      const nonce = newNonce();
      const policy = pagePolicy(nonce, { development: dev });
      // Next takes the nonce for its own scripts from this header, and the layout from the other one.
      request.headers["content-security-policy"] = policy;
      request.headers["x-nonce"] = nonce;
      response.setHeader("content-security-policy", policy);
      for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
      await handle(request, response);
    },
    upgrade(request, socket, head) {
      if (!dev || !request.url?.startsWith("/_next/")) return false;
      httpServer.emit("upgrade", request, socket, head);
      return true;
    },
    async close() {
      // In development Next may take longer to stop its compiler than the whole process may.
      const enough = new AbortController();
      const limit = delay(CLOSE_LIMIT_MS, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([app.close(), limit]);
      enough.abort();
    },
  };
}
