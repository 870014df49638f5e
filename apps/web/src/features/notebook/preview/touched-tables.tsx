import type { ColumnChange } from "@teatree/shared/contracts/compare";
import type { Preview, PreviewTable } from "@teatree/shared/contracts/preview";
import { formatNumber } from "../../../ui/format.ts";
import { Table, Td, Th, Tr } from "../../../ui/table.tsx";

/** So many tables that stay as they are are named; the others are counted. */
const UNCHANGED_SHOWN = 4;

/** What becomes of each table, in figures. */
export function TouchedTables({ preview }: { preview: Preview }) {
  const touched = preview.tables.filter(({ change }) => change !== "unchanged");
  const others = preview.tables.filter(({ change }) => change === "unchanged");
  const shown = others.slice(0, UNCHANGED_SHOWN);
  const more = others.length - shown.length;
  if (preview.tables.length === 0) return <p className="text-ink-3">The model has no tables.</p>;
  return (
    <Table label="Tables touched">
      <thead>
        <tr>
          <Th>Table</Th>
          <Th numeric>Added</Th>
          <Th numeric>Changed</Th>
          <Th numeric>Removed</Th>
          <Th numeric>Rows after</Th>
        </tr>
      </thead>
      <tbody>
        {touched.map((table) => (
          <Touched key={table.table} table={table} />
        ))}
        {shown.map(({ table, rowsAfter }) => (
          <Tr key={table}>
            <Td quiet className="max-w-60 truncate">
              {table}
            </Td>
            <Td colSpan={3} numeric quiet>
              unchanged
            </Td>
            <Td numeric quiet>
              {formatNumber(rowsAfter ?? 0)}
            </Td>
          </Tr>
        ))}
        {more > 0 ? (
          <Tr>
            <Td quiet colSpan={5}>
              and {formatNumber(more)} more, unchanged
            </Td>
          </Tr>
        ) : null}
      </tbody>
    </Table>
  );
}

function Touched({ table }: { table: PreviewTable }) {
  const { rowsAfter, added, changed, removed, schemaChanges } = table;
  const words = { created: "new", dropped: "dropped", changed: null, unchanged: null }[table.change];
  return (
    <Tr>
      <Td strong className="max-w-60 whitespace-normal">
        <span className="break-words">{table.table}</span>
        {words ? (
          <span className={`ml-2 text-meta ${words === "new" ? "text-add" : "text-del"}`}>{words}</span>
        ) : null}
        {schemaChanges.map((change) => (
          <SchemaLine key={`${change.column} ${change.change}`} change={change} />
        ))}
      </Td>
      <Count value={added} sign="+" tone="text-add" />
      <Count value={changed} sign="~" tone="text-mod" />
      <Count value={removed} sign="−" tone="text-del" />
      <Td numeric>
        {rowsAfter === null ? <span className="text-ink-3">none</span> : formatNumber(rowsAfter)}
      </Td>
    </Tr>
  );
}

/** `+ late BOOLEAN`, `~ delay BIGINT to DOUBLE`, `− late BOOLEAN`. */
function SchemaLine({ change: { column, change, before, after } }: { change: ColumnChange }) {
  const sign = { added: "+", removed: "−", type: "~", nullable: "~" }[change];
  const types = change === "added" ? after : change === "removed" ? before : `${before} to ${after}`;
  return (
    <span className="block text-meta font-normal text-ink-2">
      {sign} <span className="font-mono">{column}</span> <span className="font-mono text-ink-3">{types}</span>
    </span>
  );
}

function Count({ value, sign, tone }: { value: number | null; sign: string; tone: string }) {
  if (value === null) {
    return (
      <Td numeric>
        <span className="text-ink-3">not counted</span>
      </Td>
    );
  }
  return (
    <Td numeric>
      <span className={value > 0 ? `font-semibold ${tone}` : "text-ink-3"}>
        {value > 0 ? `${sign} ${formatNumber(value)}` : "0"}
      </span>
    </Td>
  );
}
