import type { Answer, Question, TypeService } from "./protocol.ts";
import { createTypeService } from "./type-service.ts";

/** TypeScript in a thread of its own: it is 3 MB to read and seconds to start, and the page must go on meanwhile. */
const service = createTypeService();

self.onmessage = ({ data }: MessageEvent<Question>) => {
  const answer = (said: Answer) => self.postMessage(said);
  ask(service, data).then(
    (value) => answer({ id: data.id, value }),
    (error: unknown) => answer({ id: data.id, error: String(error) }),
  );
};

async function ask(service: TypeService, question: Question): Promise<unknown> {
  switch (question.method) {
    case "setTypes":
      return service.setTypes(...question.args);
    case "check":
      return service.check(...question.args);
    case "complete":
      return service.complete(...question.args);
    case "describe":
      return service.describe(...question.args);
    case "hover":
      return service.hover(...question.args);
    case "signatures":
      return service.signatures(...question.args);
  }
}
