import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { recordAudit } from "@teatree/shared/control-db/audit";
import type { Db } from "@teatree/shared/control-db/pool";
import { createSession, sessionAccount } from "@teatree/shared/control-db/sessions";
import { bearerToken } from "@teatree/shared/runtime/tokens";
import { cookieOf } from "./cookies.ts";
import { type Identity, LOCAL_ACCOUNT, localIdentity } from "./identity.ts";

const SESSION_DAYS = 30;
const DAY_SECONDS = 86_400;

export type Sessions = ReturnType<typeof createSessions>;

/**
 * Identities from requests: the session cookie of a browser or the bearer token of a program.
 * Cookies know no ports, so the name bears the port: two instances on one machine keep their sessions apart.
 */
export function createSessions({ db, token, port }: { db: Db; token: string; port: number }) {
  const cookieName = `teatree_session_${port}`;

  /** The value of the session cookie, undefined when there is none. */
  const cookieValue = (headers: IncomingHttpHeaders) => cookieOf(headers.cookie, cookieName);

  async function bySession(value: string | undefined): Promise<Identity | null> {
    if (value === undefined || value === "") return null;
    const account = await sessionAccount(db, hashOf(value));
    return account === null ? null : localIdentity(account);
  }

  async function identify(headers: IncomingHttpHeaders): Promise<Identity | null> {
    if (headers.authorization !== undefined) {
      return isToken(bearerToken(headers.authorization)) ? localIdentity(LOCAL_ACCOUNT) : null;
    }
    return bySession(cookieValue(headers));
  }

  // Hashes have one length, so that the comparison takes the same time whatever was sent.
  function isToken(given: string | undefined): boolean {
    return given !== undefined && timingSafeEqual(digest(given), digest(token));
  }

  /** A new session for whoever knows the token, as a Set-Cookie header; null when the token is wrong. */
  async function signIn(given: string | undefined): Promise<string | null> {
    if (!isToken(given)) return null;
    const value = randomBytes(32).toString("base64url");
    const seconds = SESSION_DAYS * DAY_SECONDS;
    const expiresAt = new Date(Date.now() + seconds * 1000);
    await createSession(db, { tokenHash: hashOf(value), account: LOCAL_ACCOUNT, expiresAt });
    await recordAudit(db, { account: LOCAL_ACCOUNT, action: "sign_in" });
    return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
  }

  return { cookieValue, bySession, identify, signIn };
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const hashOf = (text: string) => digest(text).toString("hex");
