"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";

const BOX =
  "rounded-m border border-control bg-raised px-2 text-ink disabled:border-line disabled:text-ink-3 aria-invalid:border-fail";

/** A label, a control and what is wrong with it. The control gets the ids by render prop. */
function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string;
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-meta font-medium text-ink-2">
        {label}
      </label>
      {children({ id, describedBy: note ? `${id}-note` : undefined, invalid: error !== undefined })}
      {note ? (
        <p
          id={`${id}-note`}
          role={error ? "alert" : undefined}
          className={cx("text-meta", error ? "text-fail" : "text-ink-3")}
        >
          {note}
        </p>
      ) : null}
    </div>
  );
}

/** A one-line text field with its label. */
export function TextField({
  label,
  hint,
  error,
  mono,
  ...rest
}: { label: string; hint?: ReactNode; error?: string; mono?: boolean } & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          {...rest}
          className={cx(BOX, "h-7 w-full", mono && "font-mono text-code")}
        />
      )}
    </Field>
  );
}

/** A native choice: it works with every keyboard and phone. */
export function SelectField({
  label,
  hint,
  error,
  hideLabel,
  children,
  ...rest
}: { label: string; hint?: ReactNode; error?: string; hideLabel?: boolean } & ComponentProps<"select">) {
  if (hideLabel) {
    return (
      <select aria-label={label} {...rest} className={cx(BOX, "h-7 max-w-48", rest.className)}>
        {children}
      </select>
    );
  }
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <select
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          {...rest}
          className={cx(BOX, "h-7 w-full")}
        >
          {children}
        </select>
      )}
    </Field>
  );
}

/** A search box without a visible label; `kbd` names the key that leads here. */
export function SearchField({
  label,
  icon = "search",
  kbd,
  className,
  ...rest
}: { label: string; icon?: IconName; kbd?: string } & ComponentProps<"input">) {
  return (
    <span
      className={cx(
        "flex h-6 items-center gap-1.5 rounded-m border border-control bg-raised px-1.5 text-ink-3 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-leaf",
        className,
      )}
    >
      <Icon name={icon} size="s" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        {...rest}
        className="w-full min-w-0 bg-transparent text-meta text-ink outline-none"
      />
      {kbd ? <Kbd>{kbd}</Kbd> : null}
    </span>
  );
}
