/** One method or property that users' Polars code may use. */
export interface Member {
  name: string;
  kind: "method" | "property";
  /** What follows the name in TypeScript, one for each way to call it: `(name: string): Expr`. A property has its type. */
  signatures: readonly string[];
  /** One line for people. */
  doc: string;
}

/** Methods and properties of one class, as nodejs-polars has them. */
export interface SurfaceClass {
  name: string;
  doc: string;
  members: readonly Member[];
}

/** A method; where it takes a class or `IntoExpr`, the signature says so, and the sandbox checks it from there. */
export function method(name: string, doc: string, ...signatures: string[]): Member {
  return { name, kind: "method", signatures, doc };
}

export function property(name: string, doc: string, type: string): Member {
  return { name, kind: "property", signatures: [type], doc };
}
