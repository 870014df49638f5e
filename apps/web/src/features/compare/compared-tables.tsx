import type { ComparedTable } from "@teatree/shared/contracts/compare";
import Link from "next/link";
import { cx } from "../../ui/class-names.ts";
import { Delta, Num } from "../../ui/figures.tsx";
import { plural } from "../../ui/format.ts";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { MARKS } from "./change-marks.ts";
import type { Range } from "./use-comparison.ts";

/** Every table of either version: what became of it, and its rows on both sides. One is chosen. */
export function ComparedTables({
  range,
  tables,
  chosen,
  hrefOf,
}: {
  range: Range;
  tables: ComparedTable[];
  chosen: string | undefined;
  hrefOf: (table: string) => string;
}) {
  return (
    <Table label={`Tables of version ${range.before} and version ${range.after}`}>
      <thead>
        <tr>
          <Th>Table</Th>
          <Th>Change</Th>
          <Th numeric>Rows v{range.before}</Th>
          <Th numeric>Rows v{range.after}</Th>
          <Th numeric>Delta</Th>
          <Th>Schema</Th>
        </tr>
      </thead>
      <tbody>
        {tables.map((table) => (
          <Tr key={table.name} selected={table.name === chosen}>
            <Td strong className="max-w-72 truncate">
              <Link
                href={hrefOf(table.name)}
                scroll={false}
                aria-current={table.name === chosen ? "true" : undefined}
                title={table.name}
                className="hover:underline"
              >
                {table.name}
              </Link>
            </Td>
            <Td>
              <ChangeWord change={table.change} />
            </Td>
            <Td numeric>
              <Rows value={table.rowsBefore} />
            </Td>
            <Td numeric>
              <Rows value={table.rowsAfter} />
            </Td>
            <Td numeric>
              <Delta value={(table.rowsAfter ?? 0) - (table.rowsBefore ?? 0)} />
            </Td>
            <Td quiet>
              <SchemaWord table={table} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function ChangeWord({ change }: { change: ComparedTable["change"] }) {
  if (change === "unchanged") return <span className="text-ink-3">unchanged</span>;
  const { sign, word, tone } = MARKS[change];
  return (
    <span className={cx("font-medium", tone)}>
      <span aria-hidden="true">{sign}</span> {change === "changed" ? "written" : word}
    </span>
  );
}

function SchemaWord({ table: { change, schemaChanges } }: { table: ComparedTable }) {
  if (schemaChanges.length > 0) return plural(schemaChanges.length, "change");
  return <span className="text-ink-3">{change === "added" || change === "removed" ? "" : "same"}</span>;
}

function Rows({ value }: { value: number | null }) {
  return value === null ? <span className="text-ink-3">none</span> : <Num value={value} />;
}
