import type { Health } from "@teatree/shared/contracts/health";
import type { WebContext } from "../server/context.ts";
import type { Handlers } from "./handler.ts";
import { openApiDocument } from "./openapi.ts";

const PART_TIMEOUT_MS = 1_000;

export const healthHandlers = {
  async getHealth({ context }) {
    const parts = await checkParts(context);
    const up = Object.values(parts).every((part) => part === "ok");
    const headers = { "cache-control": "no-store" };
    if (up) return { status: 200, body: { status: "ok", parts }, headers };
    return { status: 503, body: { status: "down", parts }, headers };
  },

  async getOpenApi() {
    return { status: 200, body: openApiDocument() };
  },

  async getMe({ context, user }) {
    const { name, initials } = user;
    return {
      status: 200,
      body: { name, initials, mode: "local", uploadLimitBytes: context.uploadLimitBytes },
    };
  },
} satisfies Partial<Handlers>;

async function checkParts({ pool, queue, store }: WebContext): Promise<Health["parts"]> {
  const [postgres, nats, objectStore, dispatcher] = await Promise.all([
    statusOf(pool.query("SELECT 1")),
    statusOf(queue.check()),
    statusOf(store.check()),
    statusOf(queue.pingDispatcher(PART_TIMEOUT_MS)),
  ]);
  return { postgres, nats, objectStore, dispatcher };
}

async function statusOf(check: Promise<unknown>): Promise<"ok" | "down"> {
  const late = new Promise<"down">((resolve) => {
    setTimeout(resolve, PART_TIMEOUT_MS, "down").unref();
  });
  return Promise.race([
    check.then(
      () => "ok" as const,
      () => "down" as const,
    ),
    late,
  ]);
}
