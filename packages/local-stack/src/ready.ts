import { Health } from "@teatree/shared/contracts/health";
import { until } from "./polling.ts";

/** Waits until web says that every part is up; the error says which was not. */
export async function untilHealthy(url: string, timeoutMs: number): Promise<void> {
  let last = "web does not answer";
  try {
    await until(
      "readiness",
      async () => {
        const response = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(3_000) });
        if (response.ok) return true;
        last = describe(await response.json());
        return undefined;
      },
      { timeoutMs, everyMs: 50 },
    );
  } catch (error) {
    throw new Error(`not ready after ${timeoutMs / 1000} s: ${last}`, { cause: error });
  }
}

function describe(body: unknown): string {
  const health = Health.safeParse(body);
  if (!health.success) return "web answers, but not with its health";
  const down = Object.entries(health.data.parts).filter(([, status]) => status !== "ok");
  return `${down.map(([name]) => name).join(", ")} down`;
}
