import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import type { Duplex } from "node:stream";

/** A page's end of NATS over WebSocket, small enough to send what a client library would refuse to send. */
export type BrowserNats = {
  subscribe: (subject: string) => Promise<void>;
  publish: (subject: string, text: string) => void;
  /** Lines `MSG …` and `-ERR …` that came in. */
  messages: string[];
  /** Lines that are JSON: what the messages carried. */
  payloads: string[];
  errors: string[];
  close: () => void;
};

const TEXT_FRAME = 0x82;

/** Connects with the given headers. Rejects when the upgrade or NATS itself refuses. */
export async function browserNats(url: string, headers: Record<string, string>): Promise<BrowserNats> {
  const socket = await upgrade(url, headers);
  const messages: string[] = [];
  const payloads: string[] = [];
  const errors: string[] = [];
  let sid = 0;
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    for (const one of waiting.splice(0)) one.reject(new Error(`closed: ${errors.join("; ")}`));
  });
  readFrames(socket, (text) => {
    for (const line of text.split("\r\n")) {
      if (line.startsWith("MSG ")) messages.push(line);
      if (line.startsWith("{")) payloads.push(line);
      if (line.startsWith("-ERR")) errors.push(line);
      if (line === "PONG") waiting.shift()?.resolve();
    }
  });
  const send = (text: string) => socket.write(maskedFrame(text));
  const ping = () =>
    new Promise<void>((resolve, reject) => {
      if (socket.destroyed) reject(new Error("closed"));
      waiting.push({ resolve, reject });
      send("PING\r\n");
    });
  send(`CONNECT ${JSON.stringify({ verbose: false, protocol: 1, lang: "test", version: "1" })}\r\n`);
  await ping();
  return {
    messages,
    payloads,
    errors,
    async subscribe(subject) {
      sid += 1;
      send(`SUB ${subject} ${sid}\r\n`);
      await ping();
    },
    publish: (subject, text) => send(`PUB ${subject} ${Buffer.byteLength(text)}\r\n${text}\r\n`),
    close: () => socket.destroy(),
  };
}

function upgrade(url: string, headers: Record<string, string>): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString("base64");
    const handshake = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": key,
    };
    const outgoing = httpRequest(url, { headers: { ...handshake, ...headers } });
    outgoing.on("upgrade", (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    outgoing.on("response", (response) => {
      response.resume();
      reject(new Error(`refused with ${response.statusCode}`));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** RFC 6455 5.2; a client masks what it sends. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([TEXT_FRAME]), length, mask, masked]);
}

function readFrames(socket: Duplex, onText: (text: string) => void): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      if (pending.length < 2) return;
      const short = (pending[1] ?? 0) & 0x7f;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (pending.length < start) return;
      const length =
        short === 126 ? pending.readUInt16BE(2) : short === 127 ? Number(pending.readBigUInt64BE(2)) : short;
      if (pending.length < start + length) return;
      onText(pending.subarray(start, start + length).toString("utf8"));
      pending = pending.subarray(start + length);
    }
  });
}
