import type { ComponentProps } from "react";
import { cx } from "./class-names.ts";

/**
 * A plain table on thin lines. `padded` keeps the first and last column off the edges (inside a box); without it they
 * line up with the heading above. A table wider than its place scrolls inside itself.
 */
export function Table({
  padded,
  label,
  className,
  ...rest
}: { padded?: boolean; label: string } & ComponentProps<"table">) {
  return (
    <div className="relative overflow-x-auto">
      <table
        aria-label={label}
        {...rest}
        data-padded={padded ? "" : undefined}
        className={cx("group/table w-full border-collapse text-ui", className)}
      />
    </div>
  );
}

const AFTER_NUMBER = "[[data-numeric]+&:not([data-numeric])]:pl-4";
const EDGE = "pr-3 group-not-data-padded/table:last:pr-0 group-data-padded/table:first:pl-3";

export function Th({ numeric, className, ...rest }: { numeric?: boolean } & ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      data-numeric={numeric ? "" : undefined}
      className={cx(
        "h-7 whitespace-nowrap border-b border-line text-meta font-medium text-ink-3",
        AFTER_NUMBER,
        EDGE,
        numeric ? "text-right" : "text-left",
        className,
      )}
    />
  );
}

/** `quiet` is secondary text, `strong` the row's name. A number is set right; text that follows it keeps 16 px off. */
export function Td({
  numeric,
  quiet,
  strong,
  className,
  ...rest
}: { numeric?: boolean; quiet?: boolean; strong?: boolean } & ComponentProps<"td">) {
  return (
    <td
      {...rest}
      data-numeric={numeric ? "" : undefined}
      className={cx(
        "h-7 whitespace-nowrap border-b border-hair align-middle",
        AFTER_NUMBER,
        EDGE,
        numeric && "text-right",
        quiet && "text-ink-2",
        strong && "font-medium",
        className,
      )}
    />
  );
}

export function Tr({ selected, className, ...rest }: { selected?: boolean } & ComponentProps<"tr">) {
  return <tr {...rest} className={cx(selected ? "bg-leaf-soft" : "hover:bg-hover", className)} />;
}
