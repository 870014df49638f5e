import { ErrorBody } from "@teatree/shared/contracts/errors";

/** Status and error of an answer that must be one. */
export async function errorOf(response: Response) {
  const { error } = ErrorBody.parse(await response.json());
  return { status: response.status, ...error };
}

export function jsonRequest(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}
