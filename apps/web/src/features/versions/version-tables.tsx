import type { Version } from "@teatree/shared/contracts/versions";
import Link from "next/link";
import { Delta, Num } from "../../ui/figures.tsx";
import { shortHash } from "../../ui/format.ts";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";

function changeWord(table: Version["tables"][number]) {
  if (!table.changed) return <span className="text-ink-3">unchanged</span>;
  if (table.rowsDelta === table.rows && table.rows > 0)
    return <span className="font-medium text-add">+ new or filled</span>;
  return <span className="font-medium text-mod">~ changed</span>;
}

/** Tables of a version with their difference to the parent. Hashes that moved on stand out. */
export function VersionTables({
  model,
  version,
  isCurrent,
}: {
  model: string;
  version: Version;
  isCurrent: boolean;
}) {
  return (
    <Table label={`Tables of version ${version.version}`}>
      <thead>
        <tr>
          <Th>Table</Th>
          <Th numeric>Rows</Th>
          <Th numeric>Delta</Th>
          <Th>Change</Th>
          <Th>Schema</Th>
          <Th>Content</Th>
        </tr>
      </thead>
      <tbody>
        {version.tables.map((table) => (
          <Tr key={table.name}>
            <Td strong>
              {isCurrent ? (
                <Link
                  href={`/models/${model}/tables/${encodeURIComponent(table.name)}`}
                  className="hover:underline"
                >
                  {table.name}
                </Link>
              ) : (
                table.name
              )}
            </Td>
            <Td numeric>
              <Num value={table.rows} />
            </Td>
            <Td numeric>
              <Delta value={table.rowsDelta} />
            </Td>
            <Td>{changeWord(table)}</Td>
            <Td className="font-mono text-meta text-ink-3" title={table.schemaHash}>
              {shortHash(table.schemaHash, 4, 2)}
            </Td>
            <Td
              className={`font-mono text-meta ${table.changed ? "text-mod" : "text-ink-3"}`}
              title={table.contentHash}
            >
              {shortHash(table.contentHash, 4, 2)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
