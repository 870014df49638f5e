export type ByteSpan = { start: number; end: number };

/**
 * What a `Range` header asks of a representation of `size` bytes (RFC 9110 14.2): a span with both ends included,
 * `unsatisfiable`, or null for the whole. Several ranges, other units and malformed ones read as absent.
 */
export function parseRange(header: string | undefined, size: number): ByteSpan | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(" ", "") ?? "");
  if (!match) return null;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return null;
  if (first === "") {
    const suffix = Number(last);
    return suffix === 0 || size === 0
      ? "unsatisfiable"
      : { start: Math.max(0, size - suffix), end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return null;
  return start >= size ? "unsatisfiable" : { start, end };
}
