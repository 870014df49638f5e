import { TeatreeError } from "@teatree/shared/contracts/errors";
import { sqlError } from "../gate/errors.ts";

/**
 * An error of the engine in a statement that we wrote: never the user's SQL, so it is the data that is wrong, and a line within our
 * text would mean nothing to anyone.
 */
export function dataError(error: unknown, filename?: string): TeatreeError {
  if (error instanceof TeatreeError) return error;
  const wrapped = sqlError(error);
  if (wrapped.code !== "sql_error" && wrapped.code !== "statement_not_allowed") return wrapped;
  const text = wrapped.message.replaceAll(
    /["']?the file["']?/g,
    filename === undefined ? "the file" : `"${filename}"`,
  );
  const field = /constraint failed: [^.\s]+\.(.+)$/i.exec(text)?.[1];
  return new TeatreeError("invalid_data", text, {
    details: field === undefined ? {} : { field },
    cause: error,
  });
}
