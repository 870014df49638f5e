import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-leaf text-on-leaf hover:not-disabled:bg-leaf-strong",
  secondary: "border-line bg-raised text-ink hover:not-disabled:bg-hover",
  quiet: "border-transparent text-ink-2 hover:not-disabled:bg-hover hover:not-disabled:text-ink",
  danger: "border-transparent bg-fail text-paper hover:not-disabled:opacity-90",
};

/** The look of a button, for what must be another element (a menu's trigger, a label around a file input). */
export function buttonClass(variant: ButtonVariant = "secondary", size: "m" | "s" = "m"): string {
  return cx(
    "inline-flex flex-none items-center justify-center gap-1.5 whitespace-nowrap rounded-m border font-medium",
    "disabled:cursor-default disabled:border-hair disabled:bg-transparent disabled:text-ink-3",
    "aria-disabled:cursor-default aria-disabled:text-ink-3",
    size === "m" ? "h-7 px-2.5 text-ui" : "h-6 gap-1 px-2 text-meta",
    VARIANTS[variant],
  );
}

type Look = {
  variant?: ButtonVariant;
  size?: "m" | "s";
  icon?: IconName;
  /** The shortcut that does the same. */
  kbd?: string;
  /** Shows that the action is under way; the word stays. */
  busy?: boolean;
  children?: ReactNode;
};

function Content({ icon, kbd, busy, size, variant, children }: Look) {
  return (
    <>
      {busy ? (
        <Icon name="ring" size="s" className="spin-slow" />
      ) : icon ? (
        <Icon name={icon} size={size === "s" ? "xs" : "s"} />
      ) : null}
      {children}
      {kbd ? <Kbd on={variant === "primary" ? "leaf" : "raised"}>{kbd}</Kbd> : null}
    </>
  );
}

/** A button. One `primary` per view at most. */
export function Button({
  variant = "secondary",
  size = "m",
  icon,
  kbd,
  busy,
  children,
  className,
  ...rest
}: Look & ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      className={cx(buttonClass(variant, size), className)}
    >
      <Content icon={icon} kbd={kbd} busy={busy} size={size} variant={variant}>
        {children}
      </Content>
    </button>
  );
}

/** A link that looks like a button: it goes somewhere. */
export function ButtonLink({
  variant = "secondary",
  size = "m",
  icon,
  kbd,
  busy,
  children,
  className,
  ...rest
}: Look & ComponentProps<typeof Link>) {
  return (
    <Link {...rest} className={cx(buttonClass(variant, size), className)}>
      <Content icon={icon} kbd={kbd} busy={busy} size={size} variant={variant}>
        {children}
      </Content>
    </Link>
  );
}

/** A square button with an icon only; `label` is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  size = "m",
  className,
  children,
  ...rest
}: { icon: IconName; label: string; size?: "m" | "s" } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "relative inline-grid flex-none place-items-center rounded-m text-ink-2 hover:bg-hover hover:text-ink disabled:text-ink-3 disabled:hover:bg-transparent",
        size === "m" ? "size-7" : "size-6",
        className,
      )}
    >
      <Icon name={icon} size={size === "m" ? "m" : "s"} />
      {children}
    </button>
  );
}
