import { z } from "zod";

const PartStatus = z.enum(["ok", "down"]);

export const Health = z.object({
  status: PartStatus,
  parts: z.object({
    postgres: PartStatus,
    nats: PartStatus,
    objectStore: PartStatus,
    dispatcher: PartStatus,
  }),
});
export type Health = z.infer<typeof Health>;

/** Who is asking, and what the page needs to know before its first call. */
export const Me = z.object({
  name: z.string(),
  initials: z.string(),
  mode: z.literal("local"),
  uploadLimitBytes: z.int(),
});
export type Me = z.infer<typeof Me>;
