import { type ErrorCode, TeatreeError } from "../contracts/errors.ts";

const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
]);
const FULL = new Set(["ENOSPC", "EDQUOT", "53100"]);
/** SQLSTATE: connection exceptions, operator intervention, too many connections, serialization, deadlock. */
const POSTGRES_PASSING = /^(08...|57P..|53300|40001|40P01|25006|55P03)$/;
const NATS_PASSING = new Set([
  "TimeoutError",
  "NoRespondersError",
  "RequestError",
  "ClosedConnectionError",
  "ConnectionError",
  "DrainingConnectionError",
  "JetStreamNotEnabled",
]);
/** pg gives these without a code when its socket dies. */
const POSTGRES_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/**
 * Which of our codes an error of any library stands for: our own keep theirs, a server that is away is
 * `unavailable`, a full disk `disk_full`, an abort `cancelled`, and what nobody foresaw is `internal`.
 */
export function errorCodeOf(error: unknown): ErrorCode {
  if (error instanceof TeatreeError) return error.code;
  if (!(error instanceof Error)) return "internal";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (FULL.has(code)) return "disk_full";
  if (NETWORK.has(code) || POSTGRES_PASSING.test(code)) return "unavailable";
  if (NATS_PASSING.has(error.name) || POSTGRES_MESSAGES.test(error.message)) return "unavailable";
  if (error.name === "AbortError") return "cancelled";
  if (error instanceof AggregateError && error.errors.length > 0) return errorCodeOf(error.errors[0]);
  return error.cause === undefined ? "internal" : errorCodeOf(error.cause);
}
