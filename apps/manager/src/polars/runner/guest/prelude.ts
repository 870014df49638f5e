import type { GuestClass, GuestTables, Told } from "../wire.ts";

/*
 * This file runs inside of QuickJS, before the user's code. Nothing in it is a wall: user code may change every global, read every
 * object and send Node any text. What it takes from the globals it takes first, so that honest code cannot break it by accident.
 */
const { parse, stringify } = JSON;
const { isArray } = Array;

const { defineProperty, freeze, getPrototypeOf } = Object;
const { ownKeys } = Reflect;
const plainPrototypes = new Set<unknown>([Object.prototype, null]);

const MOST_NESTED = 40;
const MOST_PARTS = 1_000_000;

/** Any object of the surface: a number that means something to Node alone. */
class Remote {
  readonly #handle: number;
  constructor(handle: number) {
    this.#handle = handle;
  }
  static handleOf(value: object): number | undefined {
    return #handle in value ? value.#handle : undefined;
  }
}

class PolarsError extends Error {
  override readonly name = "PolarsError";
}

type RemoteClass = new (handle: number) => Remote;

let send: (text: string) => string = () => "";
const classes = new Map<string, RemoteClass>();
const typeMakers = new Map<unknown, string>();
let parts = 0;

/** Makes `pl` of the surface's table; called once, while nobody waits. */
export function installPolars(sender: (text: string) => string, surface: string): void {
  send = sender;
  for (const { name, ...members } of parse(surface) as GuestClass[]) {
    if (name === "Polars") installNamespace(members);
    else classes.set(name, makeClass(name, members));
  }
}

/** Its functions stand alone: `const { col, lit } = pl` works. */
function installNamespace(members: Omit<GuestClass, "name">): void {
  const pl: Record<string, unknown> = {};
  addMembers(pl, members, () => 0);
  for (const name of members.types) typeMakers.set(pl[name], name);
  defineProperty(globalThis, "pl", { value: freeze(pl), enumerable: true });
}

function makeClass(name: string, members: Omit<GuestClass, "name">): RemoteClass {
  const made = class extends Remote {};
  defineProperty(made, "name", { value: name });
  addMembers(made.prototype, members, (self) => {
    const handle = typeof self === "object" && self !== null ? Remote.handleOf(self) : undefined;
    if (handle === undefined) throw new TypeError(`This belongs to a ${name} and was called without one.`);
    return handle;
  });
  return made;
}

type HandleOf = (self: unknown) => number;

function addMembers(
  target: object,
  { methods, properties, awaited }: Omit<GuestClass, "name">,
  of: HandleOf,
): void {
  for (const name of methods) {
    const call = function (this: unknown, ...given: unknown[]): unknown {
      return member(of(this), name, given);
    };
    const later = async function (this: unknown, ...given: unknown[]): Promise<unknown> {
      return member(of(this), name, given);
    };
    defineProperty(target, name, { value: awaited.includes(name) ? later : call, enumerable: true });
  }
  for (const name of properties) {
    defineProperty(target, name, {
      enumerable: true,
      get(this: unknown) {
        return member(of(this), name, []);
      },
    });
  }
}

function member(handle: number, name: string, given: unknown[]): unknown {
  parts = 0;
  const encoded: unknown[] = [];
  for (const value of given) encoded[encoded.length] = encode(value, 0);
  return ask(["member", handle, name, encoded]);
}

function ask(question: unknown): unknown {
  const told = parse(send(stringify(question))) as Told;
  if ("error" in told) throw new PolarsError(told.error);
  return decode(told.value);
}

function encode(value: unknown, depth: number): unknown {
  parts += 1;
  if (parts > MOST_PARTS) throw new RangeError("Too many values in one call.");
  if (depth > MOST_NESTED) throw new RangeError("Values are nested too deeply, or contain themselves.");
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (value - value !== 0 || Object.is(value, -0))
        return ["number", Object.is(value, -0) ? "-0" : `${value}`];
      return value;
    case "undefined":
      return ["undefined"];
    case "bigint":
      return ["bigint", `${value}`];
    case "object":
      return value === null ? null : encodeObject(value, depth);
    case "function":
      if (typeMakers.has(value)) return encode(member(0, typeMakers.get(value) ?? "", []), depth);
      throw new TypeError("Functions cannot be given to Polars here: use expressions.");
    default:
      throw new TypeError(`A ${typeof value} cannot be given to Polars.`);
  }
}

function encodeObject(value: object, depth: number): unknown {
  const handle = Remote.handleOf(value);
  if (handle !== undefined) return ["handle", handle];
  if (isArray(value)) {
    const out: unknown[] = ["array"];
    for (let at = 0; at < value.length; at += 1) out[at + 1] = encode(value[at], depth + 1);
    return out;
  }
  if (value instanceof Date) return ["date", value.getTime()];
  if (value instanceof RegExp) return ["pattern", value.source, value.flags];
  if (!plainPrototypes.has(getPrototypeOf(value))) {
    throw new TypeError(
      "Only plain objects, arrays, dates, patterns and Polars' own objects can be given to Polars.",
    );
  }
  const out: unknown[] = ["record"];
  for (const key of ownKeys(value)) {
    if (typeof key !== "string") throw new TypeError("A symbol cannot be the name of a value.");
    if (key === "__proto__") throw new TypeError("__proto__ cannot be the name of a value.");
    out[out.length] = [key, encode((value as Record<string, unknown>)[key], depth + 1)];
  }
  return out;
}

function decode(value: unknown): unknown {
  if (!isArray(value)) return value;
  const [kind, first, second] = value;
  switch (kind) {
    case "handle": {
      const made = classes.get(first) as RemoteClass;
      return new made(second);
    }
    case "array":
      return value.slice(1).map(decode);
    case "record": {
      const out = {};
      for (const [key, inner] of value.slice(1)) {
        defineProperty(out, key, {
          value: decode(inner),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return out;
    }
    case "date":
      return new Date(first);
    case "bigint":
      return BigInt(first);
    case "number":
      return Number(first);
    default:
      return undefined;
  }
}

/** Makes `tables` and `params`; called when a run begins. */
export function giveTables(tableNames: string, parameters: string): void {
  const { own, schemas } = parse(tableNames) as GuestTables;
  const target = tableGetters(null, own);
  for (const { name, tables } of schemas) {
    defineProperty(target, name, { value: strict(tableGetters(name, tables), name), enumerable: true });
  }
  defineProperty(globalThis, "tables", { value: strict(target, "tables"), enumerable: true });
  defineProperty(globalThis, "params", { value: parse(parameters), enumerable: true });
  defineProperty(globalThis, "exports", { value: {} });
  defineProperty(globalThis, "require", {
    value: () => {
      throw new TypeError("Nothing can be imported here: pl, tables and params are all there is.");
    },
  });
}

function tableGetters(schema: string | null, names: readonly string[]): object {
  const target = Object.create(null);
  for (const name of names) {
    let table: unknown;
    defineProperty(target, name, {
      enumerable: true,
      get() {
        table ??= ask(["table", schema, name]);
        return table;
      },
    });
  }
  return target;
}

/** A table that is not there is an error where it is named, not `undefined` somewhere later. */
function strict(target: object, name: string): object {
  freeze(target);
  return new Proxy(target, {
    get(inner, key) {
      if (typeof key === "string" && !(key in inner) && key !== "then" && key !== "toJSON") {
        const known = ownKeys(inner).join(", ");
        throw new ReferenceError(
          `There is no ${key} in ${name}. There is: ${known === "" ? "nothing" : known}.`,
        );
      }
      return Reflect.get(inner, key);
    },
  });
}

/** Calls what the user's code gave; `last` is the value of its last expression, which the compiler's own line may be. */
export function callTransform(last: unknown): unknown {
  const globals = globalThis as unknown as { pl: unknown; tables: unknown; params: unknown; exports: object };
  const given =
    "default" in globals.exports ? globals.exports.default : last === "use strict" ? undefined : last;
  if (given === globals.exports) return undefined;
  if (typeof given !== "function") return given;
  return given({ pl: globals.pl, tables: globals.tables, params: globals.params });
}

/** What the run came to, for Node: the number of a Polars object, or words for what it is instead. */
export function outcomeOf(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const handle = Remote.handleOf(value);
    if (handle !== undefined) return stringify({ handle });
    return stringify({ kind: isArray(value) ? "an array" : "an object" });
  }
  return stringify({ kind: value === undefined || value === null ? "nothing" : `a ${typeof value}` });
}

/** A thrown value in words; reading it runs user code, so anything may happen. */
export function describeThrown(thrown: unknown): string {
  const { name, message, stack } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Record<
    string,
    unknown
  >;
  return stringify({
    name: typeof name === "string" ? name.slice(0, 100) : "Error",
    message:
      typeof message === "string"
        ? message.slice(0, 4000)
        : typeof thrown === "string"
          ? thrown.slice(0, 4000)
          : "",
    stack: typeof stack === "string" ? stack.slice(0, 8000) : "",
  });
}
