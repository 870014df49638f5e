import { CodeBlock, Mono } from "../../ui/code-block.tsx";

const EXAMPLE = `({ pl, tables }) => tables.flights
  .filter(pl.col("delay").gt(15))
  .groupBy("origin")
  .agg(pl.len().alias("late"), pl.col("delay").mean().alias("delay"))
  .sort("origin")`;

/** What must be known before the list is of use. */
export function Introduction() {
  return (
    <div className="mb-6 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-3 lg:grid-cols-2">
      <div className="flex flex-col gap-2">
        <p>
          A transform is a function in TypeScript. It is given <Mono>pl</Mono>, the model’s{" "}
          <Mono>tables</Mono> as LazyFrames, and <Mono>params</Mono>, and ends with a LazyFrame or a
          DataFrame. What it gives replaces a table, is added to one, or is only shown.
        </p>
        <CodeBlock text={EXAMPLE} language="ts" label="Copy the example" />
      </div>
      <ul className="flex list-disc flex-col gap-2 pl-4 text-ink-2">
        <li>
          Write names of tables out: <Mono>tables.flights</Mono>, or <Mono>tables["order lines"]</Mono>. Only
          tables whose names stand in the code are read, so a name that is put together while it runs is not
          found.
        </li>
        <li>
          Whole numbers become Int64 in <Mono>pl.DataFrame</Mono> and <Mono>pl.Series</Mono>. In an expression
          they stay whole: Int32, or Int64 when they need more.
        </li>
        <li>
          Nothing reads or writes files, and there is no SQLContext: a transform runs in a sandbox and sees
          only the tables it names. SQL has cells of its own.
        </li>
        <li>
          No method takes a callback, such as <Mono>map</Mono> or <Mono>apply</Mono>: rows never pass through
          JavaScript. Use expressions instead.
        </li>
      </ul>
    </div>
  );
}
