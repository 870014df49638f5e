import type { IncomingHttpHeaders } from "node:http";

/** Whether `If-None-Match` names the entity tag (weak comparison): the client has it already. */
export function isNotModified(headers: IncomingHttpHeaders, etag: string): boolean {
  const given = headers["if-none-match"];
  if (given === undefined) return false;
  return given.trim() === "*" || given.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** Whether a `Range` may be honoured: without `If-Range`, or when it names just this entity (strong comparison). */
export function rangeHolds(headers: IncomingHttpHeaders, etag: string): boolean {
  const given = headers["if-range"];
  return given === undefined || (typeof given === "string" && given.trim() === etag);
}
