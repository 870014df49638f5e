import { ErrorBody } from "@teatree/shared/contracts/errors";
import { z } from "zod";

/** What goes to a child of ours over its IPC channel. */
export const Call = z.object({ id: z.int(), request: z.unknown() });
export type Call = z.infer<typeof Call>;

/** What comes back: the answer or the error, for the call of that id. */
export const Reply = z.union([
  z.object({ id: z.int(), answer: z.unknown() }),
  z.object({ id: z.int(), failure: ErrorBody }),
]);
export type Reply = z.infer<typeof Reply>;
