import type { Socket } from "node:net";
import { TeatreeError } from "@teatree/shared/contracts/errors";

const STATUS_TEXTS: Record<number, string> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** Answers what never became a request (bytes that are not HTTP, a body that broke off) in the one error shape. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = answerTo(error);
  const text = JSON.stringify(body.toBody());
  const head = [
    `HTTP/1.1 ${status} ${STATUS_TEXTS[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(text)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
}

function answerTo({ code, message }: Error & { code?: string }): { status: number; body: TeatreeError } {
  if (code === "HPE_INVALID_EOF_STATE") {
    return { status: 400, body: new TeatreeError("upload_incomplete", "The body broke off before its end.") };
  }
  const status = code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const details = { issues: [] };
  return { status, body: new TeatreeError("invalid_arguments", `Not a request: ${message}`, { details }) };
}
