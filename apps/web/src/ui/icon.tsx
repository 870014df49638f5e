import { cx } from "./class-names.ts";
import { ICON_PATHS, type IconName } from "./icon-paths.tsx";

export type { IconName };

const SIZES = { xs: "size-3", s: "size-3.5", m: "size-4", l: "size-4.5" } as const;

/** A decorative icon; the word beside it, or the `label` of the button around it, is its name. */
export function Icon(props: { name: IconName; size?: keyof typeof SIZES; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx("inline-block flex-none", SIZES[props.size ?? "m"], props.className)}
    >
      {ICON_PATHS[props.name]}
    </svg>
  );
}
