import { method, type SurfaceClass } from "./member.ts";

const chain = (name: string, whenClass: string): SurfaceClass => ({
  name,
  doc: "A choice that wants another `when` or an `otherwise`.",
  members: [
    method("when", "Another condition, tried when none before was true.", `(condition: Expr): ${whenClass}`),
    method("otherwise", "The value when no condition was true.", "(value: Expr): Expr"),
  ],
});

const condition = (name: string, thenClass: string): SurfaceClass => ({
  name,
  doc: "A condition that wants its `then`.",
  members: [
    method(
      "then",
      'The value when it is true; a text or a number needs `pl.lit("x")`.',
      `(value: Expr): ${thenClass}`,
    ),
  ],
});

export const WHEN_THEN: readonly SurfaceClass[] = [
  condition("When", "Then"),
  chain("Then", "ChainedWhen"),
  condition("ChainedWhen", "ChainedThen"),
  chain("ChainedThen", "ChainedWhen"),
];
