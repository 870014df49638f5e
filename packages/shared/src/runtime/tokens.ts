import { errors, jwtVerify, SignJWT } from "jose";
import { TeatreeError } from "../contracts/errors.ts";
import { TokenClaims } from "../contracts/manager-api.ts";

const LIFE_SECONDS = 60;

/** A token that a manager or reader accepts for one model and one action, for 60 s. `secret` is TEATREE_SECRET. */
export function signToken(secret: string, claims: TokenClaims): Promise<string> {
  return new SignJWT({ action: claims.action })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(claims.sub)
    .setIssuedAt()
    .setExpirationTime(`${LIFE_SECONDS}s`)
    .sign(keyOf(secret));
}

/**
 * Throws `unauthenticated` for a token that is missing, forged or expired,
 * and `forbidden` for one that is good for another model or action.
 */
export async function verifyToken(
  secret: string,
  token: string | undefined,
  expected: TokenClaims,
): Promise<void> {
  if (token === undefined || token === "") throw new TeatreeError("unauthenticated", "A token is needed.");
  const claims = TokenClaims.safeParse(await payloadOf(secret, token));
  if (!claims.success || claims.data.sub !== expected.sub || claims.data.action !== expected.action) {
    throw new TeatreeError("forbidden", "The token is good for something else.");
  }
}

/** The token of an `Authorization: Bearer …` header; undefined when there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? "")?.[1];
}

async function payloadOf(secret: string, token: string): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), {
      algorithms: ["HS256"],
      requiredClaims: ["exp", "sub"],
      clockTolerance: 5,
    });
    return payload;
  } catch (cause) {
    const message = cause instanceof errors.JWTExpired ? "The token has expired." : "The token is not valid.";
    throw new TeatreeError("unauthenticated", message, { cause });
  }
}

function keyOf(secret: string): Uint8Array {
  // An empty secret would sign, and everyone could.
  if (secret.length < 16) throw new Error("TEATREE_SECRET must have at least 16 characters");
  return new TextEncoder().encode(secret);
}
