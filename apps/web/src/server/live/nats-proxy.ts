import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

const PASSED_ON = [
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
] as const;

export type NatsProxy = {
  /** Hands the upgraded socket over to nats-server; the browser's session travels as the cookie that it knows. */
  open: (request: IncomingMessage, socket: Duplex, head: Buffer, session: string) => void;
  /** Ends every connection. */
  close: () => void;
};

/** Plain piping between a browser's WebSocket and nats-server's, which speaks to no one but this machine. */
export function createNatsProxy(natsWebSocketUrl: string): NatsProxy {
  const { hostname, port } = new URL(natsWebSocketUrl);
  const open = new Set<Duplex>();

  return {
    open(request, socket, head, session) {
      const upstream = connect({ host: hostname, port: Number(port) }, () => {
        upstream.write(handshake(request, `${hostname}:${port}`, session));
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      open.add(socket);
      const end = () => {
        open.delete(socket);
        upstream.destroy();
        socket.destroy();
      };
      for (const side of [upstream, socket]) side.once("error", end).once("close", end);
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

/** nats-server takes WebSockets at `/` only. Nothing of the browser goes on but the handshake and its session. */
function handshake({ headers }: IncomingMessage, host: string, session: string): string {
  const passed = PASSED_ON.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  const lines = ["GET / HTTP/1.1", `Host: ${host}`, "Connection: Upgrade", "Upgrade: websocket", ...passed];
  return `${[...lines, `Cookie: teatree_session=${session}`].join("\r\n")}\r\n\r\n`;
}
