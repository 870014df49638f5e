import type { NewContent } from "@teatree/shared/control-db/versions";
import type { CheckpointedState, WriterOutcome } from "../writer/protocol.ts";

/**
 * The rows of `content_index` for a new version: what changed since the parent, and which intent wrote it. `outcomes` are the
 * applied ones in order; the last that wrote a table stands for it.
 */
export function contentOfVersion(
  version: number,
  parent: NewContent[],
  tables: CheckpointedState["tables"],
  outcomes: WriterOutcome[],
): NewContent[] {
  const before = new Map(parent.map((table) => [table.table, table]));
  return tables.map(({ name, rows, columns, schemaHash, contentHash }) => {
    const known = before.get(name);
    const changed = known?.contentHash !== contentHash || known.schemaHash !== schemaHash;
    const described = { table: name, rows, columns, schemaHash, contentHash, changed };
    const rowsDelta = rows - (known?.rows ?? 0);
    if (known && !changed) {
      const { writtenBy, writtenVersion, derivedFrom } = known;
      return { ...described, rowsDelta, writtenBy, writtenVersion, derivedFrom, appendedFrom: null };
    }
    const writer = outcomes.findLast((outcome) => outcome.written.includes(name)) ?? outcomes.at(-1);
    const derivedFrom = writer?.written.includes(name) ? writer.derivedFrom : [];
    return {
      ...described,
      rowsDelta,
      writtenBy: writer?.intentId ?? null,
      writtenVersion: version,
      derivedFrom: derivedFrom.filter((source) => source !== name),
      appendedFrom: known?.schemaHash === schemaHash && wasAppendedTo(name, outcomes) ? known.rows : null,
    };
  });
}

/** Whether everyone who wrote the table only added rows at its end. */
function wasAppendedTo(table: string, outcomes: WriterOutcome[]): boolean {
  const writers = outcomes.filter((outcome) => outcome.written.includes(table));
  return writers.length > 0 && writers.every((outcome) => outcome.appended?.includes(table));
}
