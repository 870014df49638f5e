import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { invalidArguments } from "../server/http/issues.ts";
import { unstorableText } from "../server/http/storable-text.ts";

/** Rows may come inline up to this size; more come as an upload. */
const JSON_LIMIT_BYTES = 16 * 1024 * 1024;

/** Reads every body as JSON, whatever the request calls it; an empty one is undefined. Throws `invalid_json`, `invalid_arguments`. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "*",
    { parseAs: "string", bodyLimit: JSON_LIMIT_BYTES },
    async (_request: FastifyRequest, body: string | Buffer) => {
      const text = String(body);
      if (text === "") return undefined;
      const parsed = parse(text);
      const issue = unstorableText(text, parsed);
      if (issue) throw invalidArguments([issue]);
      return parsed;
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TeatreeError("invalid_json", `The body is not JSON: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
