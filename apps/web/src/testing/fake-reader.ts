import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ReaderCompare } from "@teatree/shared/contracts/compare";
import { ModelId } from "@teatree/shared/contracts/ids";
import { ReaderQuery } from "@teatree/shared/contracts/manager-api";
import { bearerToken, verifyToken } from "@teatree/shared/runtime/tokens";
import { TEST_SECRET } from "./test-web.ts";

export type FakeReader = {
  url: string;
  queries: ReaderQuery[];
  compares: ReaderCompare[];
  cancelled: string[];
  /** How the next answers are given; the default answers one row of JSON. */
  answer: (query: ReaderQuery, response: ServerResponse) => void;
  /** Called when the other side goes away before the answer ended. */
  gone: number;
  /** How the next comparisons are answered. */
  compared: (compare: ReaderCompare, response: ServerResponse) => void;
  stop: () => Promise<void>;
};

/** Something that speaks the reader's protocol, to see what web makes of its answers. */
export async function startFakeReader(): Promise<FakeReader> {
  const reader: FakeReader = {
    url: "",
    queries: [],
    compares: [],
    cancelled: [],
    answer: oneRow,
    compared: oneAdded,
    gone: 0,
    stop,
  };
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "DELETE") {
      reader.cancelled.push(request.url?.split("/").at(-1) ?? "");
      response.writeHead(202, { "content-type": "application/json" }).end('{"ok":true}');
      return;
    }
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"progress":0.25}');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const work = request.url === "/compare" ? ReaderCompare.parse(body) : ReaderQuery.parse(body);
    const [modelId] = ("after" in work ? work.after : work.file).split("/");
    const token = bearerToken(request.headers.authorization);
    await verifyToken(TEST_SECRET, token, { sub: ModelId.parse(modelId), action: "query" });
    response.once("close", () => {
      if (!response.writableFinished) reader.gone += 1;
    });
    if ("after" in work) {
      reader.compares.push(work);
      reader.compared(work, response);
    } else {
      reader.queries.push(work);
      reader.answer(work, response);
    }
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  reader.url = `http://127.0.0.1:${address.port}`;
  return reader;
}

function oneRow(query: ReaderQuery, response: ServerResponse): void {
  const columns = [{ name: "a", type: "BIGINT" }];
  const body = JSON.stringify({
    version: query.version,
    columns,
    rows: [[1]],
    rowCount: 1,
    truncated: false,
  });
  response.writeHead(200, {
    "content-type": query.accept,
    "content-length": Buffer.byteLength(body),
    "teatree-row-count": "1",
  });
  response.end(body);
}

function oneAdded({ table, offset }: ReaderCompare, response: ServerResponse): void {
  const body = {
    table,
    key: { columns: ["a"], how: "guessed" },
    counts: { added: 2, removed: 0, changed: 0, unchanged: 10 },
    columns: [{ name: "a", type: "BIGINT" }],
    rows: [{ change: "added", key: [offset], before: null, after: [offset], cells: [] }],
    nextOffset: offset === 0 ? 1 : null,
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
