const LONGEST = 500;

/** The first line of Polars' own message, without its preamble and without paths of this machine. */
export function plainMessage(message: string): string {
  const [first = ""] = message.trim().split("\n");
  const tidy = first
    .replace(/(["'`])(?:file:)?\/[^"'`]*\1/g, "the file")
    .replace(/(^|[\s(=:,[])(?:file:\/\/)?\/(?:[\w.@+%-]+\/)+[\w.@+%-]*/g, "$1the file")
    .trim();
  if (tidy === "") return "Polars could not do this.";
  return tidy.length > LONGEST ? `${tidy.slice(0, LONGEST - 1)}…` : tidy;
}

/** `an Expr`, `a Series`. */
export function withArticle(className: string): string {
  return /^[AEIOU]/.test(className) ? `an ${className}` : `a ${className}`;
}
