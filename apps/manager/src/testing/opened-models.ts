import { afterEach } from "vitest";
import { openTestModel, type TestModel } from "./test-model.ts";

/** Call it once per test file: what its `open` gives is disposed of after each test, also a failed one. */
export function openedModels(): { open: typeof openTestModel } {
  const opened: TestModel[] = [];
  afterEach(async () => {
    for (const model of opened.splice(0).toReversed()) await model[Symbol.asyncDispose]();
  });
  return {
    async open(env) {
      const model = await openTestModel(env);
      opened.push(model);
      return model;
    },
  };
}
