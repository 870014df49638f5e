import { TeatreeError } from "@teatree/shared/contracts/errors";
import { adaptationOf } from "./adaptations.ts";
import { createHandles, type Held } from "./handles.ts";
import { readArgument, writeResult } from "./marshal.ts";
import { plainMessage } from "./plain-message.ts";
import { pl } from "./polars.ts";
import { allowedMember } from "./surface-table.ts";
import { Ask, type Told } from "./wire.ts";

const MOST_HANDLES = 30_000;
const MOST_CALLS = 60_000;
const MOST_CHARACTERS = 8_000_000;
const MOST_CELLS = 1_000_000;

/** Methods that turn a whole column or frame into JavaScript values. */
const wholesale = new Set(["rows", "toArray", "toObject", "toRecords"]);

export interface Dispatch {
  /** Answers one question of user code, both as JSON text. Throws a TeatreeError when the run is over. */
  answer(text: string): string;
  heldAt(handle: number): Held;
  /** The member whose call failed last. */
  failed(): string | undefined;
}

/** The only door out of QuickJS. `openTable` gives the plan over a table, by schema (null for the model's own) and name. */
export function createDispatch(openTable: (schema: string | null, name: string) => object): Dispatch {
  const handles = createHandles(MOST_HANDLES);
  let calls = 0;
  let lastFailed: string | undefined;

  function told(text: string): unknown {
    const ask = Ask.safeParse(JSON.parse(text));
    if (!ask.success) throw new TypeError("A question is not in the agreed form.");
    if (ask.data[0] === "table") {
      const [, schema, name] = ask.data;
      return writeResult(openTable(schema, name), new Set(["LazyFrame"]), handles);
    }
    const [, handle, name, given] = ask.data;
    const held = handle === 0 ? { className: "Polars", value: pl } : handles.get(handle);
    lastFailed = name;
    const result = use(held, name, given);
    lastFailed = undefined;
    return result;
  }

  function use({ className, value }: Held, name: string, given: readonly unknown[]): unknown {
    const allowed = allowedMember(className, name);
    if (allowed === undefined) throw new TypeError(`${className} has no ${name} here.`);
    if (allowed.kind === "property") return writeResult(Reflect.get(value, name), allowed.returns, handles);
    if (wholesale.has(name)) checkSize(value);
    const { parameters, rest } = allowed;
    const read = given.map((wire, index) => readArgument(wire, parameters[index] ?? rest, handles));
    const adapted = adaptationOf(className, name);
    const result = adapted ? adapted(value, read) : Reflect.apply(Reflect.get(value, name), value, read);
    if (allowed.returns.has("LazyFrame")) checkSchema(result);
    return writeResult(result, allowed.returns, handles);
  }

  return {
    answer(text) {
      calls += 1;
      if (calls > MOST_CALLS)
        throw new TeatreeError("invalid_arguments", `The code calls Polars more than ${MOST_CALLS} times.`);
      if (text.length > MOST_CHARACTERS)
        throw new TeatreeError("invalid_arguments", "The code gives Polars too much at once.");
      return JSON.stringify(attempt(() => told(text)));
    },
    heldAt: handles.get,
    failed: () => lastFailed,
  };
}

function attempt(work: () => unknown): Told {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof TeatreeError) throw error;
    return { error: plainMessage(error instanceof Error ? error.message : String(error)) };
  }
}

/** Asking for the columns makes Polars work the schema out, so that a mistake shows at the step that made it. */
function checkSchema(result: unknown): void {
  if (typeof result === "object" && result !== null) Reflect.get(result, "columns");
}

function checkSize(value: object): void {
  const cells =
    Number(Reflect.get(value, "height") ?? 1) *
    Number(Reflect.get(value, "width") ?? Reflect.get(value, "length") ?? 1);
  if (cells > MOST_CELLS) {
    throw new RangeError(
      `More than ${MOST_CELLS} values cannot be turned into JavaScript: keep them in Polars.`,
    );
  }
}
