import type { PreviewTable } from "@teatree/shared/contracts/preview";

export type SampleColumn = {
  name: string;
  type: string;
  /** Place of the value in a row. */
  at: number;
  side: "both" | "before" | "after";
};

/** So many columns that did not change stand beside those that did, until all are asked for. */
const CONTEXT = 3;
/** A table of so few columns is shown whole. */
const NARROW = 6;

/** A column that changed in some row stands twice, before and after. Those that did not change give the context. */
export function sampleColumns(
  { sample }: PreviewTable,
  all: boolean,
): { columns: SampleColumn[]; hidden: number } {
  const differs = new Set(sample.rows.flatMap(({ cells }) => cells));
  const isWide = sample.columns.length > NARROW;
  const most = differs.size > 0 ? CONTEXT : NARROW;
  let context = 0;
  const columns: SampleColumn[] = [];
  for (const [at, { name, type }] of sample.columns.entries()) {
    if (differs.has(name)) {
      columns.push({ name, type, at, side: "before" }, { name, type, at, side: "after" });
      continue;
    }
    context += 1;
    if (all || !isWide || context <= most) columns.push({ name, type, at, side: "both" });
  }
  return { columns, hidden: sample.columns.length - new Set(columns.map(({ at }) => at)).size };
}
