import type { ReactNode } from "react";
import { cellText, isNumeric, typeIcon } from "./cell-text.ts";
import { cx } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import { SCROLLABLE } from "./scrollable.ts";

/**
 * A few rows of a result in a box that scrolls inside itself. For thousands of rows the grid of the notebook is the
 * place. `footer` is a sentence: how many rows of how many, from which version.
 */
export function ValueTable({
  columns,
  rows,
  label,
  footer,
}: {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  label: string;
  footer?: ReactNode;
}) {
  return (
    <div className="overflow-hidden rounded-m border border-line">
      <section aria-label={label} {...SCROLLABLE} className="max-h-[60vh] overflow-auto">
        <table className="w-full border-separate border-spacing-0">
          <thead>
            <tr>
              {columns.map(({ name, type }) => (
                <th
                  key={name}
                  scope="col"
                  className={cx(
                    "sticky top-0 h-8 border-r border-b border-hair border-b-line bg-well px-2.5 font-medium whitespace-nowrap last:border-r-0",
                    isNumeric(type) ? "text-right" : "text-left",
                  )}
                >
                  <span className="inline-flex items-center gap-1.5" title={type}>
                    <Icon name={typeIcon(type)} size="s" className="text-ink-3" />
                    {name}
                    <span className="sr-only"> {type}</span>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={`row-${index}`} className="hover:bg-hover">
                {columns.map(({ name, type }, column) => (
                  <Cell key={name} value={row[column]} type={type} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="flex min-h-7 flex-wrap items-center gap-3 border-t border-line bg-well px-2.5 text-meta text-ink-3">
        {rows.length === 0 ? "no rows" : null}
        {footer}
      </div>
    </div>
  );
}

function Cell({ value, type }: { value: unknown; type: string }) {
  const { text, isNull } = cellText(value, type);
  return (
    <td
      title={text.length > 60 ? text : undefined}
      className={cx(
        "h-7 max-w-100 truncate border-r border-b border-hair px-2.5 font-mono text-code last:border-r-0",
        isNumeric(type) && "text-right",
        isNull && "text-ink-3 italic",
      )}
    >
      {text}
    </td>
  );
}
