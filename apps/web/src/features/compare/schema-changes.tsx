import type { ColumnChange } from "@teatree/shared/contracts/compare";
import { cx } from "../../ui/class-names.ts";
import { Icon } from "../../ui/icon.tsx";
import { MARKS } from "./change-marks.ts";

/** What became of the columns of one table. */
export function SchemaChanges({ table, changes }: { table: string; changes: ColumnChange[] }) {
  if (changes.length === 0) return null;
  return (
    <ul aria-label={`Changed columns of ${table}`} className="mb-3">
      {changes.map(({ column, change, before, after }) => {
        const mark = MARKS[change === "added" || change === "removed" ? change : "changed"];
        return (
          <li
            key={`${column} ${change}`}
            className="flex min-h-7 flex-wrap items-center gap-x-2 border-b border-hair py-0.5"
          >
            <span
              aria-hidden="true"
              className={cx("w-4 text-center font-mono text-code font-medium", mark.tone)}
            >
              {mark.sign}
            </span>
            <span className="font-medium break-all">{column}</span>
            <span className="text-ink-3">{WORDS[change]}</span>
            <span className="flex flex-wrap items-center gap-x-1.5 font-mono text-code">
              {before === undefined ? null : <span className="break-all text-del">{before}</span>}
              {before !== undefined && after !== undefined ? (
                <>
                  <Icon name="arrowRight" size="xs" className="text-ink-3" />
                  <span className="sr-only">became</span>
                </>
              ) : null}
              {after === undefined ? null : <span className="break-all text-add">{after}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const WORDS: Record<ColumnChange["change"], string> = {
  added: "new column",
  removed: "column gone",
  type: "type",
  nullable: "may be null",
};
