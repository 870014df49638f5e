import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/**
 * Takes the answer out of Fastify's hands, with the headers set so far and the given ones: the handler writes the body
 * itself, and no length or type is computed behind its back.
 */
export function takeOver(
  reply: FastifyReply,
  status: number,
  headers: Record<string, string | number>,
): ServerResponse {
  const set = { ...reply.getHeaders(), ...headers };
  reply.hijack();
  for (const [name, value] of Object.entries(set)) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  return reply.raw.writeHead(status);
}
