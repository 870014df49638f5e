import { z } from "zod";

type ErrorRow = {
  /** HTTP status when it reaches a client. */
  status: number;
  /** Whether the same request may succeed later without being changed. */
  retry: boolean;
  /** Whose fault it is: the caller's, ours, or the world's (a server down, a disk full). */
  fault: "caller" | "ours" | "world";
};

/** Every error that crosses a border of Teatree, in one table. */
export const ERROR_CODES = {
  invalid_arguments: { status: 400, retry: false, fault: "caller" },
  invalid_json: { status: 400, retry: false, fault: "caller" },
  sql_error: { status: 400, retry: false, fault: "caller" },
  polars_error: { status: 400, retry: false, fault: "caller" },
  invalid_data: { status: 400, retry: false, fault: "caller" },
  unauthenticated: { status: 401, retry: false, fault: "caller" },
  forbidden: { status: 403, retry: false, fault: "caller" },
  statement_not_allowed: { status: 403, retry: false, fault: "caller" },
  not_found: { status: 404, retry: false, fault: "caller" },
  model_not_found: { status: 404, retry: false, fault: "caller" },
  version_not_found: { status: 404, retry: false, fault: "caller" },
  job_not_found: { status: 404, retry: false, fault: "caller" },
  table_not_found: { status: 404, retry: false, fault: "caller" },
  upload_not_found: { status: 404, retry: false, fault: "caller" },
  notebook_not_found: { status: 404, retry: false, fault: "caller" },
  block_not_found: { status: 404, retry: false, fault: "caller" },
  query_not_found: { status: 404, retry: false, fault: "caller" },
  not_acceptable: { status: 406, retry: false, fault: "caller" },
  query_timeout: { status: 408, retry: false, fault: "caller" },
  model_exists: { status: 409, retry: false, fault: "caller" },
  intent_conflict: { status: 409, retry: false, fault: "caller" },
  base_version_stale: { status: 409, retry: false, fault: "caller" },
  revision_conflict: { status: 409, retry: false, fault: "caller" },
  job_final: { status: 409, retry: false, fault: "caller" },
  job_not_final: { status: 409, retry: false, fault: "caller" },
  version_name_taken: { status: 409, retry: false, fault: "caller" },
  version_current: { status: 409, retry: false, fault: "caller" },
  version_removed: { status: 410, retry: false, fault: "caller" },
  version_not_ready: { status: 409, retry: true, fault: "world" },
  upload_incomplete: { status: 400, retry: true, fault: "caller" },
  upload_too_large: { status: 413, retry: false, fault: "caller" },
  result_too_large: { status: 413, retry: false, fault: "caller" },
  unsupported_file: { status: 415, retry: false, fault: "caller" },
  range_not_satisfiable: { status: 416, retry: false, fault: "caller" },
  cancelled: { status: 499, retry: false, fault: "caller" },
  archive_damaged: { status: 500, retry: false, fault: "ours" },
  block_damaged: { status: 500, retry: false, fault: "ours" },
  crashed: { status: 500, retry: false, fault: "ours" },
  internal: { status: 500, retry: true, fault: "ours" },
  not_available: { status: 501, retry: false, fault: "ours" },
  unavailable: { status: 503, retry: true, fault: "world" },
  manager_unavailable: { status: 503, retry: true, fault: "world" },
  out_of_memory: { status: 507, retry: false, fault: "caller" },
  disk_full: { status: 507, retry: true, fault: "world" },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_CODES;
const codes = Object.keys(ERROR_CODES);

/** The codes an intent's outcome or an answer may bear; an unknown one reads as `internal`. */
export const ErrorCode = z.string().transform((code): ErrorCode => (isErrorCode(code) ? code : "internal"));

function isErrorCode(code: string): code is ErrorCode {
  return codes.includes(code);
}

export const ErrorBody = z.object({
  error: z.object({
    code: z.string().meta({ description: "Stable, snake_case; programs branch on this." }),
    message: z.string().meta({ description: "For people: what happened and what to do." }),
    details: z.record(z.string(), z.unknown()),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Where in the user's own text an error lies; both count from 1. */
export const ErrorPlace = z.object({
  line: z.int().min(1).optional(),
  column: z.int().min(1).optional(),
});

/** What a failed job says. */
export const JobError = ErrorPlace.extend({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type JobError = z.infer<typeof JobError>;

/** The one error that Teatree's parts throw on purpose. Its reason, when there is one, is in `cause`. */
export class TeatreeError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TeatreeError";
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  /** Whether the same request may succeed later without being changed. */
  get mayRetry(): boolean {
    return ERROR_CODES[this.code].retry;
  }

  toBody(): ErrorBody {
    return { error: { code: this.code, message: this.message, details: this.details } };
  }

  /** As it stands in a job's outcome; `line` and `column` in the details come up one level. */
  toJobError(): JobError {
    const { line, column, ...rest } = this.details;
    const place = ErrorPlace.safeParse({ line, column });
    const details = Object.keys(rest).length > 0 ? { details: rest } : {};
    return { code: this.code, message: this.message, ...(place.success ? place.data : {}), ...details };
  }

  static fromBody(body: unknown, fallbackStatus: number): TeatreeError {
    const parsed = ErrorBody.safeParse(body);
    if (!parsed.success) {
      return new TeatreeError("internal", `The server answered ${fallbackStatus} without an explanation.`);
    }
    const { code, message, details } = parsed.data.error;
    return new TeatreeError(ErrorCode.parse(code), message, { details });
  }
}
