import { TYPE_ALIASES } from "./surface/aliases.ts";
import type { Member } from "./surface/member.ts";

/** What may stand at one place of a call. */
export interface Parameter {
  name: string;
  /** Classes that it may be or contain. */
  classes: ReadonlySet<string>;
  /** Nothing but an object of that class will do. */
  only?: string;
  /** A whole number becomes an integer literal. */
  literal: boolean;
}

/** How a member is called: all its signatures laid over one another. */
export interface CallShape {
  parameters: readonly Parameter[];
  /** For all arguments behind the last of `parameters`. */
  rest?: Parameter;
  /** Classes that the result may be or contain. */
  returns: ReadonlySet<string>;
}

/** Reads a member's signatures; `classNames` are the names that mean a class of the surface. */
export function callShape(member: Member, classNames: ReadonlySet<string>): CallShape {
  const parsed = member.signatures.map((text) =>
    member.kind === "property" ? { parameters: [], result: text } : splitSignature(text),
  );
  const places: Parameter[][] = [];
  let rest: Parameter | undefined;
  for (const { parameters } of parsed) {
    for (const [index, text] of parameters.entries()) {
      const parameter = readParameter(text, classNames);
      if (text.startsWith("...")) rest = parameter;
      else places[index] = [...(places[index] ?? []), parameter];
    }
  }
  const returns = new Set(parsed.flatMap(({ result }) => [...classesIn(result, classNames)]));
  return { parameters: places.map(merge), ...(rest && { rest }), returns };
}

function merge(alternatives: readonly Parameter[]): Parameter {
  const [first, ...others] = alternatives;
  if (first === undefined) throw new Error("A signature skips a parameter.");
  const same = others.every(({ only }) => only === first.only);
  return {
    name: first.name,
    classes: new Set(alternatives.flatMap(({ classes }) => [...classes])),
    ...(same && first.only !== undefined && { only: first.only }),
    literal: alternatives.some(({ literal }) => literal),
  };
}

function readParameter(text: string, classNames: ReadonlySet<string>): Parameter {
  const colon = text.indexOf(":");
  const name = text.slice(0, colon).replace(/[.?]/g, "");
  const type = text.slice(colon + 1).trim();
  const each = text.startsWith("...") ? type.replace(/\[\]$/, "") : type;
  return {
    name,
    classes: classesIn(type, classNames),
    ...(classNames.has(each) && !text.slice(0, colon).endsWith("?") && { only: each }),
    literal: /\bIntoExpr\b/.test(type),
  };
}

/** `(a: X, b?: { c: Y }): Z` as its parameters' texts and its result's. */
function splitSignature(text: string): { parameters: string[]; result: string } {
  const parameters: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if ("([{<".includes(sign)) depth += 1;
    if (")]}>".includes(sign)) depth -= 1;
    if (depth === 0 || (depth === 1 && sign === ",")) {
      const parameter = text.slice(start, at).trim();
      if (parameter !== "") parameters.push(parameter);
      start = at + 1;
    }
    if (depth === 0) return { parameters, result: text.slice(at + 2).trim() };
  }
  throw new Error(`Not a signature: ${text}`);
}

/** The classes that a type's text names, also within aliases. */
function classesIn(type: string, classNames: ReadonlySet<string>, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  for (const [word] of type.matchAll(/\b[A-Z]\w*/g)) {
    if (classNames.has(word)) found.add(word);
    const alias = TYPE_ALIASES[word];
    if (alias === undefined || seen.has(word)) continue;
    seen.add(word);
    for (const inner of classesIn(alias, classNames, seen)) found.add(inner);
  }
  return found;
}
