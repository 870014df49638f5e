/** The user's text as the checker reads it: `lead` stands before it, on the same line. */
export type WrappedCode = { text: string; lead: number };

/** An arrow function or `function` as the whole text, behind comments. */
const FUNCTION =
  /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:async\s*)?(?:function\b|(?:\((?:[^()]|\([^()]*\))*\)|[\w$]+)\s*=>)/;

/**
 * A function alone gets its parameters' types from what it is assigned to. Text of another shape (statements that end in a
 * frame, a module) is checked as it stands; either way it is a module, so that its names are its own.
 */
export function wrapCode(code: string): WrappedCode {
  const before = FUNCTION.test(code) ? "export const transform: Transform = " : "export {}; ";
  return { text: before + code, lead: before.length };
}
