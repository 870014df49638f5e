import { type Logger as PinoLogger, pino } from "pino";

export type Logger = PinoLogger;

/**
 * JSON lines on standard output, each bearing `part`; `level` is a pino level such as "info" or "silent".
 * Errors under the key `error` keep their message, stack and cause.
 */
export function createLogger(part: string, level = "info"): Logger {
  return pino({
    level,
    base: { part, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    errorKey: "error",
    formatters: { level: (label) => ({ level: label }) },
    // A token in a log line outlives its minute.
    redact: ["token", "headers.authorization", "*.token", "*.headers.authorization"],
  });
}
