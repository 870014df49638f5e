import { createHash } from "node:crypto";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import type { ModelId } from "@teatree/shared/contracts/ids";
import type { ReaderQuery } from "@teatree/shared/contracts/manager-api";
import { ARROW_STREAM, type Query, RESULT_TYPES, ResultType } from "@teatree/shared/contracts/query";
import { canonicalJson } from "../queue/content-hash.ts";

/**
 * The result type that an `Accept` header asks for: the first of ours with the highest quality, Arrow when anything
 * will do. Throws `not_acceptable`.
 */
export function resultTypeFor(accept: string | undefined): ResultType {
  const wanted = (accept?.trim() || "*/*")
    .split(",")
    .map((part) => {
      const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="));
      return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { name } of wanted) {
    const exact = ResultType.safeParse(name);
    if (exact.success) return exact.data;
    if (name === "*/*" || name === "application/*") return ARROW_STREAM;
    if (name === "text/*") return "text/csv";
  }
  throw new TeatreeError("not_acceptable", `Answers come as ${RESULT_TYPES.join(", ")}.`, {
    details: { accept, available: RESULT_TYPES },
  });
}

/** A model's version as a query reads it. */
export type ReadVersion = { modelId: ModelId; version: number; hash: string; file: string };

/** Equal statement on equal versions gives an equal answer: that is what the tag stands for. */
export function queryEtag(
  query: Pick<Query, "sql" | "params" | "limit">,
  accept: ResultType,
  version: ReadVersion,
  reads: Record<string, ReadVersion>,
): string {
  const hashes = Object.fromEntries(
    Object.entries(reads).map(([schema, read]) => [schema, [read.modelId, read.hash]]),
  );
  const { sql, params = null, limit = null } = query;
  const text = canonicalJson([
    version.modelId,
    version.version,
    version.hash,
    sql,
    params,
    limit,
    accept,
    hashes,
  ]);
  return `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`;
}

export function readsForReader(reads: Record<string, ReadVersion>): ReaderQuery["reads"] {
  return Object.fromEntries(
    Object.entries(reads).map(([schema, { modelId, version, file }]) => [schema, { modelId, version, file }]),
  );
}
