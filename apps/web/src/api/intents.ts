import { TeatreeError } from "@teatree/shared/contracts/errors";
import { COMING_FUNCTIONS } from "@teatree/shared/contracts/functions";
import { authorize } from "../server/access/authorize.ts";
import { authorizeReads } from "../server/access/authorize-reads.ts";
import { submitIntents } from "../server/queue/submit.ts";
import type { Handlers } from "./handler.ts";

export const intentHandlers = {
  async submitIntents({ context, user, model, body, request }) {
    const traceparent = headerText(request.headers.traceparent);
    const intents = Array.isArray(body) ? body : [body];
    // A fork makes a model.
    if (intents.some((intent) => intent.function === "fork")) authorize(user, "administer", model);
    for (const intent of intents) await authorizeReads(context.pool, user, intent);
    const submission = { model, account: user.account, intents, traceparent };
    const { accepted, created } = await submitIntents(context, submission);
    const [first] = accepted;
    if (!first) throw new Error("a submission came back empty");
    return { status: created > 0 ? 202 : 200, body: Array.isArray(body) ? accepted : first };
  },
} satisfies Partial<Handlers>;

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Functions of the contract that a later release brings are told apart from those nobody knows. */
export function refuseComingFunctions(body: unknown): void {
  for (const intent of Array.isArray(body) ? body : [body]) {
    const name =
      typeof intent === "object" && intent !== null && "function" in intent ? intent.function : undefined;
    const coming = COMING_FUNCTIONS.find((known) => known === name);
    if (coming === undefined) continue;
    throw new TeatreeError("not_available", `The function “${coming}” comes with a later release.`, {
      details: { function: coming },
    });
  }
}
