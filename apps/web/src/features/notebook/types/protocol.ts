/** A fault that TypeScript finds; offsets count from 0 in the cell's text. */
export type TypeMark = { from: number; to: number; message: string; severity: "error" | "warning" };

/** `kind` in TypeScript's words: `method`, `property`, `const`, `keyword`. */
export type TypeCompletion = { name: string; kind: string; sortText: string };

export type Described = { signature: string; doc: string };

export type Signatures = {
  items: { label: string; doc: string; parameters: string[] }[];
  active: number;
  argument: number;
};

/** What the editor of a Polars cell asks TypeScript. Every question brings the text: the worker keeps no documents. */
export type TypeService = {
  /** The declarations that all texts are checked with. */
  setTypes(text: string): Promise<void>;
  check(code: string): Promise<TypeMark[]>;
  complete(code: string, offset: number): Promise<TypeCompletion[]>;
  describe(code: string, offset: number, name: string): Promise<Described | null>;
  hover(code: string, offset: number): Promise<(Described & { from: number; to: number }) | null>;
  signatures(code: string, offset: number): Promise<Signatures | null>;
};

export type Method = keyof TypeService;

/** To the worker and back; the answer bears the question's number. */
export type Question = {
  [Name in Method]: { id: number; method: Name; args: Parameters<TypeService[Name]> };
}[Method];
export type Answer = { id: number; value: unknown } | { id: number; error: string };
