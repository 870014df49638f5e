import { createServer } from "node:net";

/** A TCP port of `host` that nobody listens on right now. Another process may still take it before you do. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no TCP address was given"));
        else resolve(address.port);
      });
    });
  });
}

/** Why `port` cannot be listened on (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, …), or null when it can. */
export function portObstacle(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}
