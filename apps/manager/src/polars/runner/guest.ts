import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { POLARS_SURFACE } from "@teatree/shared/polars/surface";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
} from "quickjs-emscripten-core";
import { transform } from "sucrase";
import { z } from "zod";
import { CODE_FILE } from "./compile.ts";
import type { GuestClass, GuestTables } from "./wire.ts";

// Its types say CommonJS.
const { default: variant }: typeof import("@jitl/quickjs-wasmfile-release-sync") = createRequire(
  import.meta.url,
)("@jitl/quickjs-wasmfile-release-sync");

const MEMORY_BYTES = 128 * 1024 * 1024;
/** QuickJS must notice before V8 does, which would leave it broken. */
const STACK_BYTES = 256 * 1024;
const MOST_JOBS_AT_ONCE = 1000;

/** What user code threw, in words. */
export const Thrown = z.object({ name: z.string(), message: z.string(), stack: z.string() });
export type Thrown = z.infer<typeof Thrown>;

const Outcome = z.union([z.object({ handle: z.int() }), z.object({ kind: z.string() })]);
export type Outcome = z.infer<typeof Outcome>;

/** The QuickJS in which user code runs: once. */
export interface Guest {
  /**
   * Runs the script, calls what it gives and waits for its promise. `answer` gets what it asks of Polars; an error that `answer`
   * throws ends the run and is thrown here.
   */
  run(given: GuestRun): Outcome | { thrown: Thrown };
}

export interface GuestRun {
  script: string;
  tables: GuestTables;
  params: unknown;
  /** On `performance.now()`'s clock. */
  deadline: number;
  answer(text: string): string;
}

export async function createGuest(): Promise<Guest> {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime({ memoryLimitBytes: MEMORY_BYTES, maxStackSizeBytes: STACK_BYTES });
  const context = runtime.newContext();
  const prelude = loadPrelude(context);
  let under: GuestRun | undefined;
  /** Set once the run cannot go on; QuickJS is then interrupted and user code cannot catch it. */
  let over: Error | undefined;

  runtime.setInterruptHandler(() => {
    if (over === undefined && under !== undefined && performance.now() > under.deadline)
      over = new TeatreeError("query_timeout", "The code itself, beside Polars, took longer than it may.");
    return over !== undefined;
  });

  const send = context.newFunction("send", (question) => {
    if (over === undefined && under !== undefined) {
      try {
        return context.newString(under.answer(context.getString(question)));
      } catch (error) {
        over = error instanceof Error ? error : new Error(String(error));
      }
    }
    throw new Error("The run is over.");
  });
  must(call("installPolars", send, context.newString(JSON.stringify(guestClasses()))));

  return {
    run(given) {
      under = given;
      must(
        call(
          "giveTables",
          context.newString(JSON.stringify(given.tables)),
          context.newString(JSON.stringify(given.params)),
        ),
      );
      const script = context.evalCode(given.script, CODE_FILE, { type: "global" });
      if (script.error) return { thrown: describe(script.error) };
      const called = call("callTransform", script.value);
      if (called.error) return { thrown: describe(called.error) };
      const settled = settle(called.value);
      if ("thrown" in settled) return settled;
      return Outcome.parse(JSON.parse(context.getString(must(call("outcomeOf", settled.value)))));
    },
  };

  function call(name: string, ...given: QuickJSHandle[]) {
    return context.callFunction(context.getProp(prelude, name), context.undefined, ...given);
  }

  function must(result: ReturnType<typeof call>): QuickJSHandle {
    if (result.error) {
      if (over !== undefined) throw over;
      throw new Error(`The sandbox's own code failed: ${describe(result.error).message}`);
    }
    return result.value;
  }

  function settle(value: QuickJSHandle): { value: QuickJSHandle } | { thrown: Thrown } {
    for (;;) {
      const state = context.getPromiseState(value);
      if (state.type === "fulfilled") return { value: state.value };
      if (state.type === "rejected") return { thrown: describe(state.error) };
      const ran = runtime.executePendingJobs(MOST_JOBS_AT_ONCE);
      if (ran.error) return { thrown: describe(ran.error) };
      if (ran.value === 0) {
        throw new TeatreeError("polars_error", "The code waits for something that never happens.");
      }
    }
  }

  function describe(error: QuickJSHandle): Thrown {
    if (over !== undefined) throw over;
    const described = call("describeThrown", error);
    if (over !== undefined) throw over;
    if (described.error) return { name: "Error", message: "", stack: "" };
    return Thrown.parse(JSON.parse(context.getString(described.value)));
  }
}

/** The guest's side is TypeScript like all else; QuickJS gets it translated. */
function loadPrelude(context: QuickJSContext): QuickJSHandle {
  const source = readFileSync(new URL("./guest/prelude.ts", import.meta.url), "utf8");
  const { code } = transform(source, { transforms: ["typescript", "imports"], disableESTransforms: true });
  const wrapped = `(function () { const exports = {}; ${code}\nreturn exports; })()`;
  return context.unwrapResult(context.evalCode(wrapped, "prelude.ts", { type: "global" }));
}

function guestClasses(): GuestClass[] {
  return POLARS_SURFACE.map(({ name, members }) => {
    const methods = members.filter(({ kind }) => kind === "method");
    const ending = (text: string) =>
      methods
        .filter(({ signatures }) => signatures.every((each) => each.includes(text)))
        .map((each) => each.name);
    return {
      name,
      methods: methods.map((each) => each.name),
      properties: members.filter(({ kind }) => kind === "property").map((each) => each.name),
      awaited: ending("): Promise<"),
      types: ending("): DataType"),
    };
  });
}
