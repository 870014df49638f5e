import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { newTraceparent, traceIdOf } from "./traceparent.ts";

const script = `
import { recordSpan, startTracing, withSpan } from ${JSON.stringify(import.meta.resolve("./tracing.ts"))};
const [endpoint, parent] = process.argv.slice(1);
const tracing = await startTracing("probe", endpoint);
const traceparent = await withSpan("step", { "teatree.items": 2 }, parent, async (here) => {
  recordSpan("told afterwards", {}, Date.now() - 1000, 500);
  return here;
});
await tracing.stop();
process.stdout.write(traceparent);
`;

test("with an endpoint the spans arrive at a collector under the trace they came with", async () => {
  const received: { path: string; body: string }[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ path: request.url ?? "", body: Buffer.concat(chunks).toString("utf8") });
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const address = collector.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const parent = newTraceparent();

  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", script, `http://127.0.0.1:${port}`, parent],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
  });
  await once(child, "close");
  collector.close();

  expect(received.map(({ path }) => path)).toEqual(["/v1/traces"]);
  expect(received[0]?.body).toContain(traceIdOf(parent));
  expect(received[0]?.body).toContain("teatree-probe");
  const spans = JSON.parse(received[0]?.body ?? "{}").resourceSpans[0].scopeSpans[0].spans;
  expect(spans.map(({ name, traceId }: Record<string, string>) => [name, traceId])).toEqual([
    ["told afterwards", traceIdOf(parent)],
    ["step", traceIdOf(parent)],
  ]);
  expect(spans[0].parentSpanId).toBe(spans[1].spanId);
  expect(Number(spans[0].endTimeUnixNano) - Number(spans[0].startTimeUnixNano)).toBeCloseTo(500_000_000, -6);
  expect(traceIdOf(printed)).toBe(traceIdOf(parent));
});
