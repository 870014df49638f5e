import { TeatreeError } from "@teatree/shared/contracts/errors";
import { type ChildMessage, PolarsRequest } from "../protocol.ts";
import { collectNow } from "./collect.ts";
import { compile } from "./compile.ts";
import { createGuest } from "./guest.ts";
import { plainMessage } from "./plain-message.ts";
import { pl } from "./polars.ts";
import { runTransform } from "./run-transform.ts";

/*
 * A process for one run of a user's Polars code: it says that it is ready, gets its one request, answers and is killed. Everything
 * is loaded before, so that the run itself begins at once.
 */

// Native threads may be at work: an orderly exit would wait for them.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

const guest = await createGuest();
warmUp();
process.once("message", (message) => send(outcomeOf(message)));
send({ ready: true });

/** Whatever is used for the first time takes its time, and Polars starts its threads: better now than when somebody waits. */
function warmUp(): void {
  compile("({ pl }: Given) => pl");
  collectNow(
    pl
      .DataFrame({ a: [1] })
      .lazy()
      .filter(pl.col("a").gt(0))
      .groupBy("a")
      .agg(pl.len()),
  );
}

function outcomeOf(message: unknown): ChildMessage {
  try {
    return { answer: runTransform(guest, PolarsRequest.parse(message)) };
  } catch (error) {
    return { failure: asTeatreeError(error).toBody() };
  }
}

function asTeatreeError(error: unknown): TeatreeError {
  if (error instanceof TeatreeError) return error;
  return new TeatreeError("internal", plainMessage(error instanceof Error ? error.message : String(error)));
}

function send(message: ChildMessage): void {
  process.send?.(message);
}
