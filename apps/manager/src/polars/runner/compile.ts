import { SourceMap } from "node:module";
import { TeatreeError } from "@teatree/shared/contracts/errors";
import { transform } from "sucrase";
import { z } from "zod";
import { callPlace, type Place } from "./call-place.ts";

/** What the user's code is called within QuickJS. */
export const CODE_FILE = "transform.ts";

export interface Compiled {
  script: string;
  /**
   * The user's place for the topmost frame of a QuickJS stack that lies in the user's code; `failed` is the method whose call failed,
   * where it is known.
   */
  placeOf(stack: string, failed?: string): Place | undefined;
}

const SyntaxFault = z.object({ loc: z.object({ line: z.int(), column: z.int() }) });

/** The user's TypeScript as a script that QuickJS runs. Throws a `polars_error` with the place when it cannot be read. */
export function compile(code: string): Compiled {
  const { script, map } = translate(code);
  return {
    script,
    placeOf(stack, failed) {
      const found = /\btransform\.ts:(\d+):(\d+)/.exec(stack);
      if (found === null) return undefined;
      const entry = map.findEntry(Number(found[1]) - 1, Number(found[2]) - 1);
      if (!("originalLine" in entry)) return undefined;
      return callPlace(code, { line: entry.originalLine + 1, column: entry.originalColumn + 1 }, failed);
    },
  };
}

function translate(code: string): { script: string; map: SourceMap } {
  try {
    const { code: script, sourceMap } = transform(code, {
      transforms: ["typescript", "imports"],
      disableESTransforms: true,
      preserveDynamicImport: true,
      filePath: CODE_FILE,
      sourceMapOptions: { compiledFilename: CODE_FILE },
    });
    if (sourceMap === undefined) throw new Error("sucrase made no source map.");
    return {
      script,
      map: new SourceMap({ ...sourceMap, file: CODE_FILE, sourceRoot: "", sourcesContent: [] }),
    };
  } catch (error) {
    const fault = SyntaxFault.safeParse(error);
    if (!fault.success || !(error instanceof Error)) throw error;
    const { line, column } = fault.data.loc;
    const message = error.message.replace(/^Error transforming [^:]*: /, "").replace(/ \(\d+:\d+\)$/, "");
    throw new TeatreeError("polars_error", `${message}.`, { details: { line, column, kind: "SyntaxError" } });
  }
}
