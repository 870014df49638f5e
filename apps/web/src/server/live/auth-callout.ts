import { Algorithms, decode, encodeAuthorizationResponse, encodeUser } from "@nats-io/jwt";
import { fromPublic, fromSeed } from "@nats-io/nkeys";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import type { Logger } from "@teatree/shared/runtime/logger";
import { z } from "zod";
import type { Identity } from "../access/identity.ts";
import type { Sessions } from "../access/sessions.ts";

const CALLOUT_SUBJECT = "$SYS.REQ.USER.AUTH";
const ACCOUNT = "TEATREE";
const LIFE_SECONDS = 12 * 3_600;

const AuthorizationRequest = z.object({
  server_id: z.object({ id: z.string() }),
  user_nkey: z.string(),
  connect_opts: z.object({ auth_token: z.string().optional() }),
});

/**
 * Answers nats-server's question who a browser is and what it may do there: a valid session may listen to
 * notifications and publish nothing. The answer is signed with the account key whose seed is given.
 */
export function answerAuthCallout(
  connection: NatsConnection,
  { sessions, seed, logger }: { sessions: Sessions; seed: string; logger: Logger },
): void {
  const issuer = fromSeed(new TextEncoder().encode(seed));
  const callback = (error: Error | null, message: Msg) => {
    if (error) logger.error({ error }, "the auth callout cannot be served");
    else
      respond(message).catch((failure: unknown) => logger.error({ error: failure }, "auth callout failed"));
  };
  // Several web processes share the work; one answer each is enough.
  connection.subscribe(CALLOUT_SUBJECT, { queue: "teatree-web", callback });

  async function respond(message: Msg): Promise<void> {
    const claims = decode<unknown>(message.string());
    const request = AuthorizationRequest.parse(claims.nats);
    const user = await sessions.bySession(request.connect_opts.auth_token);
    const decision =
      user === null ? { error: "not signed in" } : { jwt: await userToken(user, request.user_nkey) };
    const [userKey, serverKey] = [fromPublic(request.user_nkey), fromPublic(request.server_id.id)];
    message.respond(await encodeAuthorizationResponse(userKey, serverKey, issuer, decision, options));
  }

  const options = { algorithm: Algorithms.v2 };

  function userToken(user: Identity, userKey: string): Promise<string> {
    const exp = Math.floor(Date.now() / 1000) + LIFE_SECONDS;
    const limits = { subs: 2_000, data: -1, payload: -1 };
    return encodeUser(
      user.account,
      fromPublic(userKey),
      issuer,
      { ...permissions(user), ...limits },
      {
        ...options,
        aud: ACCOUNT,
        exp,
      },
    );
  }
}

/**
 * An empty allow list allows everything, so both lists say something. The local account reads every model, also
 * those that are made while it is connected; with roles this becomes the list of readable models.
 */
function permissions(_user: Identity) {
  return {
    pub: { allow: [], deny: [">"] },
    sub: { allow: ["teatree.notify.*"], deny: [] },
  };
}
