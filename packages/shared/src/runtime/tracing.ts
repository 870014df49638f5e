import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Attributes,
  type Context,
  isSpanContextValid,
  context as openTelemetryContext,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { childTraceparent, formatTraceparent, parseTraceparent } from "./traceparent.ts";

export { newTraceparent, traceIdOf } from "./traceparent.ts";

const current = new AsyncLocalStorage<string>();

export interface Tracing {
  /** Sends what is not sent yet. Never rejects: a collector that is away must not hold up a shutdown. */
  stop(): Promise<void>;
}

/**
 * Exports spans of this part to an OTLP/HTTP collector such as `http://127.0.0.1:4318`.
 * Without an endpoint nothing is loaded or sent; trace ids exist and travel all the same.
 */
export async function startTracing(part: string, endpoint?: string): Promise<Tracing> {
  if (endpoint === undefined || endpoint === "") return { stop: async () => {} };
  // The SDK weighs 60 ms and 20 MB: only those pay who export.
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/sdk-node"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const sdk = new NodeSDK({
    serviceName: `teatree-${part}`,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, "")}/v1/traces` }),
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    autoDetectResources: false,
  });
  sdk.start();
  return { stop: () => sdk.shutdown().catch(() => {}) };
}

/** The traceparent to send along from here; undefined outside of every {@link withSpan}. */
export function currentTraceparent(): string | undefined {
  return current.getStore();
}

/**
 * Runs `fn` as one span below `parentTraceparent`, or below the span around it, or as a new trace.
 * What `fn` throws is recorded and thrown on. Attributes are plain values; leave out user data.
 */
export function withSpan<T>(
  name: string,
  attributes: Attributes,
  parentTraceparent: string | null | undefined,
  fn: (traceparent: string) => Promise<T>,
): Promise<T> {
  const parent = parentTraceparent ?? current.getStore();
  const parentContext = contextBelow(parent);
  const span = trace.getTracer("teatree").startSpan(name, { attributes }, parentContext);
  const exported = span.spanContext();
  const traceparent =
    span.isRecording() && isSpanContextValid(exported)
      ? formatTraceparent(exported)
      : childTraceparent(parent);
  const run = async () => {
    try {
      return await fn(traceparent);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
  return openTelemetryContext.with(trace.setSpan(parentContext, span), () => current.run(traceparent, run));
}

/** A span, below the one around it, of what is only told of when it is over; `began` is in milliseconds since 1970. */
export function recordSpan(name: string, attributes: Attributes, began: number, durationMs: number): void {
  const parent = contextBelow(current.getStore());
  trace
    .getTracer("teatree")
    .startSpan(name, { attributes, startTime: began }, parent)
    .end(began + durationMs);
}

function contextBelow(parent: string | undefined): Context {
  const parts = parseTraceparent(parent);
  if (parts === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...parts, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}
