import { z } from "zod";
import { Sha256 } from "./ids.ts";
import { ModelPath } from "./models.ts";

/** How many blocks one request may name: 256 MB of 64 KiB blocks. */
export const MOST_BLOCKS = 4_096;

export const BlockPath = ModelPath.extend({ hash: Sha256 });

export const BlocksWanted = z.object({
  hashes: z.array(Sha256).min(1).max(MOST_BLOCKS).meta({
    description:
      "As the manifest names blocks and header. The answer has their bytes without anything between them.",
  }),
});
