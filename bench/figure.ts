import type { System } from "./system.ts";

/** One measured line: a ratio with both sides, or a count. */
export type Line = {
  name: string;
  /** What Teatree took, with its unit. */
  value: number;
  unit: "ms" | "s" | "count" | "bytes" | "MB/s" | "rows/s";
  /** What the floor or the peer took, in the same unit. */
  floor?: { name: string; value: number };
  /** Median of per-round ratios; its direction is said by the goal. */
  ratio?: number;
  goal: string;
  /** Undefined where the line only explains another. */
  met?: boolean;
};

export type FigureOptions = { rounds: number; rows: number; switches: number; largeModelRows: number };

/** A figure of the performance table; it checks its own answers and throws when one is wrong. */
export type Figure = {
  number: number;
  title: string;
  run(system: System, options: FigureOptions, say: (what: string) => void): Promise<Line[]>;
};
