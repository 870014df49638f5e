import { randomBytes } from "node:crypto";

/** W3C Trace Context, https://www.w3.org/TR/trace-context/ : version 00, sampled. */
export interface TraceParts {
  /** 32 hex digits, the same in every process an intent goes through. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
}

const PATTERN = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The parts of a `traceparent`; undefined when the text is none, or names no trace (all zeros). */
export function parseTraceparent(text: string | null | undefined): TraceParts | undefined {
  const match = PATTERN.exec(text ?? "");
  const traceId = match?.[1] ?? "";
  const spanId = match?.[2] ?? "";
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  return { traceId, spanId };
}

export function formatTraceparent({ traceId, spanId }: TraceParts): string {
  return `00-${traceId}-${spanId}-01`;
}

/** A new trace. */
export function newTraceparent(): string {
  return formatTraceparent({ traceId: randomHex(16), spanId: randomHex(8) });
}

/** A new span in the parent's trace; without a valid parent a new trace. */
export function childTraceparent(parent: string | null | undefined): string {
  const parts = parseTraceparent(parent);
  return parts === undefined
    ? newTraceparent()
    : formatTraceparent({ traceId: parts.traceId, spanId: randomHex(8) });
}

/** The trace id of a `traceparent`, for people to search by; null when there is none. */
export function traceIdOf(traceparent: string | null | undefined): string | null {
  return parseTraceparent(traceparent)?.traceId ?? null;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
