import { once } from "node:events";
import type { IntentId } from "@teatree/shared/contracts/ids";
import { isFinal, type JobEvent } from "@teatree/shared/contracts/jobs";
import { intentById } from "@teatree/shared/control-db/intents";
import { jobEventsAfter } from "@teatree/shared/control-db/job-events";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { WebContext } from "../context.ts";
import { takeOver } from "../http/take-over.ts";

const POLL_MS = 1_000;
const HEARTBEAT_MS = 15_000;
const PAGE = 500;
/** After the final state: publishing and notifying may still add steps. */
const LINGER_MS = 2_000;
/** After the final state of one that made a version: its archive step may take this long. */
const LINGER_FOR_ARCHIVE_MS = 30_000;

type Exchange = { request: FastifyRequest; reply: FastifyReply; signal: AbortSignal };

/**
 * Sends the events of a job as server-sent events, beginning after `Last-Event-ID`, and ends when nothing more is to
 * be expected. Woken by NATS; looks by itself each second, because a message on the way may be lost.
 */
export async function streamJobEvents(
  context: Pick<WebContext, "pool" | "queue">,
  job: IntentId,
  { request, reply, signal }: Exchange,
): Promise<void> {
  const write = openStream(reply, signal);
  const bell = createBell(signal);
  const stopListening = context.queue.onJobChange(job, bell.ring);
  let afterId = lastEventId(request);
  let endAt = Number.POSITIVE_INFINITY;
  let heartbeatAt = performance.now() + HEARTBEAT_MS;
  let archived = false;
  try {
    while (!signal.aborted) {
      const events = await jobEventsAfter(context.pool, job, { afterId, limit: PAGE });
      for (const { id, event } of events) {
        afterId = id;
        archived ||= event.kind === "step" && event.step.name === "archive";
        await write(`id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      if (events.length === PAGE) continue;
      endAt = Math.min(
        endAt,
        await endFor(
          context,
          job,
          events.map(({ event }) => event),
          endAt,
        ),
      );
      if (archived || performance.now() >= endAt) break;
      if (performance.now() >= heartbeatAt) {
        await write(": still here\n\n");
        heartbeatAt = performance.now() + HEARTBEAT_MS;
      }
      await bell.wait(Math.min(POLL_MS, Math.max(0, endAt - performance.now())));
    }
    // A client that would come again is told that there is nothing more.
    if (!signal.aborted) await write("event: end\ndata: {}\n\n");
  } finally {
    stopListening();
    reply.raw.end();
  }
}

/** When the stream may end: unknown until the job has its final state. */
async function endFor(
  { pool }: Pick<WebContext, "pool">,
  job: IntentId,
  events: JobEvent[],
  known: number,
): Promise<number> {
  const final = events.findLast((event) => event.kind === "state" && isFinal(event.status));
  if (final?.kind === "state") return performance.now() + lingerFor(final.version);
  if (known !== Number.POSITIVE_INFINITY || events.length > 0) return known;
  // Resumed after the final event: the row says what the client saw already.
  const intent = await intentById(pool, job);
  return intent === null || isFinal(intent.status) ? performance.now() + LINGER_MS : known;
}

function lingerFor(version: number | null): number {
  return version === null ? LINGER_MS : LINGER_FOR_ARCHIVE_MS;
}

function openStream(reply: FastifyReply, signal: AbortSignal): (text: string) => Promise<void> {
  const raw = takeOver(reply, 200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  raw.write("retry: 1000\n\n");
  return async (text) => {
    if (signal.aborted || raw.write(text)) return;
    await once(raw, "drain", { signal }).catch(() => undefined);
  };
}

function lastEventId(request: FastifyRequest): number {
  const given = Number(request.headers["last-event-id"] ?? 0);
  return Number.isSafeInteger(given) && given > 0 ? given : 0;
}

/** Something to wait on that remembers a ring while nobody waits. */
function createBell(signal: AbortSignal) {
  let rung = false;
  let wake = () => {};
  const ring = () => {
    rung = true;
    wake();
  };
  signal.addEventListener("abort", ring, { once: true });
  async function wait(ms: number): Promise<void> {
    if (!rung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
    }
    rung = false;
  }
  return { ring, wait };
}
