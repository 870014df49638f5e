import type { Answer, Method, TypeService } from "./protocol.ts";

let client: TypeService | null = null;

/** TypeScript in its worker, which starts when it is first asked for. One for all Polars cells of the page. */
export function typeClient(): TypeService {
  client ??= startClient();
  return client;
}

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

function startClient(): TypeService {
  const worker = new Worker(new URL("./type-worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) asked?.reject(new Error(data.error));
    // The worker answers each method with that method's own type.
    else asked?.resolve(data.value as never);
  };
  // Its script did not come, as without network. The next question starts another.
  worker.onerror = () => {
    for (const { reject } of waiting.values()) reject(new Error("TypeScript could not be started."));
    waiting.clear();
    client = null;
  };
  const ask =
    <Name extends Method>(method: Name) =>
    (...args: Parameters<TypeService[Name]>) =>
      new Promise<Awaited<ReturnType<TypeService[Name]>>>((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, method, args });
      });
  return {
    setTypes: ask("setTypes"),
    check: ask("check"),
    complete: ask("complete"),
    describe: ask("describe"),
    hover: ask("hover"),
    signatures: ask("signatures"),
  };
}
