import type { Logger } from "@teatree/shared/runtime/logger";
import { startChildCaller } from "../children/child-caller.ts";
import { type Publisher, PublisherAnswer, type PublisherCall, type PublisherSettings } from "./publisher.ts";

/** Starts the publisher's process. It must not be the writer's: see docs, "Locks". `storeEnv` says where the object store is. */
export function startPublisher(
  settings: PublisherSettings,
  storeEnv: Record<string, string>,
  logger: Logger,
): Publisher {
  const child = startChildCaller<PublisherCall, PublisherAnswer>({
    name: "publisher",
    script: new URL("./publisher-child.ts", import.meta.url),
    answer: PublisherAnswer,
    logger,
    env: { ...storeEnv, TEATREE_PUBLISHER: JSON.stringify(settings) },
  });
  return {
    async publish(request) {
      const { published } = await child.call({ kind: "publish", request });
      if (!published) throw new Error("the publisher answered nothing");
      return published;
    },
    ensure: async (file, options) => void (await child.call({ kind: "ensure", file, ...options })),
    write: async (file, path, from) => void (await child.call({ kind: "write", file, path, from })),
    forget: async (packs) => void (await child.call({ kind: "forget", packs })),
    stop: child.stop,
  };
}
