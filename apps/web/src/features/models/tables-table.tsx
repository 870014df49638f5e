import type { Model } from "@teatree/shared/contracts/models";
import Link from "next/link";
import { Num } from "../../ui/figures.tsx";
import { plural, shortId } from "../../ui/format.ts";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";

/** The tables of a model's current version. */
export function TablesTable({ model }: { model: Model }) {
  return (
    <Table label={`Tables of ${model.name}`}>
      <thead>
        <tr>
          <Th>Table</Th>
          <Th numeric>Rows</Th>
          <Th numeric>Columns</Th>
          <Th>Computed from</Th>
          <Th>Written by</Th>
          <Th>State</Th>
        </tr>
      </thead>
      <tbody>
        {model.tables.map((table) => (
          <Tr key={table.name}>
            <Td strong>
              <Link
                href={`/models/${model.name}/tables/${encodeURIComponent(table.name)}`}
                className="hover:underline"
              >
                {table.name}
              </Link>
            </Td>
            <Td numeric>
              <Num value={table.rows} />
            </Td>
            <Td numeric quiet>
              <span title={table.columns.map((column) => column.name).join(", ")}>
                {table.columns.length}
              </span>
            </Td>
            <Td quiet className="max-w-52 truncate">
              {table.from.length === 0 ? (
                <span className="text-ink-3">–</span>
              ) : (
                <span title={plural(table.from.length, "table")}>{table.from.join(", ")}</span>
              )}
            </Td>
            <Td>
              {table.writtenBy === null ? (
                <span className="text-ink-3">–</span>
              ) : (
                <Link
                  href={`/jobs/${table.writtenBy}`}
                  className="font-mono text-meta text-ink-2 hover:underline"
                >
                  {shortId(table.writtenBy)}
                </Link>
              )}
            </Td>
            <Td>{table.behind ? <StateBadge state="behind" /> : <StateBadge state="current" />}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
