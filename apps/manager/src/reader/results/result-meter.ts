import { TeatreeError } from "@teatree/shared/contracts/errors";

/** Counts a result's bytes while it is made, so that one that is too large ends before its first byte is sent. */
export type ResultMeter = {
  readonly bytes: number;
  readonly limit: number;
  /** Throws `result_too_large` as soon as the sum passes the limit. */
  add(bytes: number): void;
};

export function createResultMeter(limit: number): ResultMeter {
  let bytes = 0;
  return {
    limit,
    get bytes() {
      return bytes;
    },
    add(more) {
      bytes += more;
      if (bytes > limit) throw tooLarge(limit);
    },
  };
}

function tooLarge(limit: number): TeatreeError {
  const megabytes = (limit / 1_048_576).toLocaleString("en", { maximumFractionDigits: 1 });
  return new TeatreeError(
    "result_too_large",
    `The result has more than ${megabytes} MB. Ask for fewer rows or columns, aggregate, or give a limit.`,
    { details: { limitBytes: limit } },
  );
}
