import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { keptSecret } from "./private-file.ts";

export interface StackSecrets {
  /** What the start line's link carries: full rights on this machine's Teatree. */
  token: string;
  /** 32 bytes in hex; signs the tokens that the parts use among themselves. */
  secret: string;
  /** Marks the processes of this home. Not secret. */
  stackId: string;
}

/** Made at the first start, then kept in the home where only its owner may read them. */
export async function stackSecrets(home: string, fixedToken: string | null): Promise<StackSecrets> {
  const folder = join(home, "secrets");
  return {
    token:
      fixedToken ?? (await keptSecret(join(folder, "token"), () => randomBytes(18).toString("base64url"))),
    secret: await keptSecret(join(folder, "secret"), () => randomBytes(32).toString("hex")),
    stackId: await keptSecret(join(folder, "stack-id"), randomUUID),
  };
}
