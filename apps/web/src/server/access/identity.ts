/** Who is asking. In the local mode there is one account, and it may do everything. */
export type Identity = {
  account: string;
  name: string;
  initials: string;
};

export const LOCAL_ACCOUNT = "local";

export function localIdentity(account: string): Identity {
  return { account, name: "Local admin", initials: "LA" };
}
