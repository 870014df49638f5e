import type { Logger } from "@teatree/shared/runtime/logger";
import { startChildCaller } from "../children/child-caller.ts";
import { Published, type Publisher, type PublishRequest } from "./publisher.ts";

/** Starts the publisher's process. It must not be the writer's: see docs, "Locks". */
export function startPublisher(logger: Logger): Publisher {
  const child = startChildCaller<PublishRequest, Published>({
    name: "publisher",
    script: new URL("./publisher-child.ts", import.meta.url),
    answer: Published,
    logger,
  });
  return { publish: child.call, stop: child.stop };
}
