import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names.ts";

/** The scroll area of a page and its column; `wide` for pages with a side column. */
export function Page({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <div
      className={cx("mx-auto px-4 py-4 md:px-8 md:pt-5 md:pb-8", wide ? "max-w-[1312px]" : "max-w-[1240px]")}
    >
      {children}
    </div>
  );
}

/** Title line of a page: name, state, one sentence, actions right. */
export function PageHead({
  title,
  state,
  children,
  actions,
}: {
  title: ReactNode;
  state?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-4 flex flex-wrap items-end gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex flex-wrap items-center gap-2.5">
          <h1 className="text-title font-semibold tracking-[-0.008em] break-words">{title}</h1>
          {state}
        </div>
        {children ? <div className="mt-0.5 text-ink-2">{children}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-1.5">{actions}</div> : null}
    </header>
  );
}

/** A named part of a page; `aside` stands right of its head. */
export function Section({
  title,
  aside,
  children,
  className,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={className}>
      <div className="mb-1 flex min-h-7 items-center gap-2">
        <h2 className="min-w-0 flex-1 text-head font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Main column and side column; below 1000 px the side goes under the main. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_320px]">
      <div className="flex min-w-0 flex-col gap-6">{children}</div>
      <aside className="flex min-w-0 flex-col gap-6 lg:border-l lg:border-line lg:pl-6">{side}</aside>
    </div>
  );
}

/** Figures in one line between two rules: the summary of a page. */
export function FactBar({ facts }: { facts: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="mb-5 flex flex-wrap border-y border-line">
      {facts.map((fact) => (
        <div
          key={fact.label}
          className="min-w-28 flex-auto border-l border-hair px-4 py-2 first:border-l-0 max-md:border-l-0 max-md:px-0 max-md:pr-4 md:first:pl-0"
        >
          <dt className="text-meta text-ink-3">{fact.label}</dt>
          <dd className="text-figure font-medium whitespace-nowrap [&_small]:text-meta [&_small]:font-normal [&_small]:text-ink-3">
            {fact.value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Names and values, one pair per line. */
export function FactList({ facts }: { facts: { label: string; value: ReactNode }[] }) {
  return (
    <dl>
      {facts.map((fact) => (
        <div
          key={fact.label}
          className="grid grid-cols-[84px_minmax(0,1fr)] items-baseline gap-2 border-t border-hair py-1"
        >
          <dt className="text-meta text-ink-3">{fact.label}</dt>
          <dd className="min-w-0">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A link inside text. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...rest}
      className={cx(
        "text-leaf-ink underline decoration-leaf-line underline-offset-3 hover:decoration-current",
        className,
      )}
    />
  );
}

/** The quiet link at the right of a section's head: `All jobs`. */
export function AsideLink(props: ComponentProps<typeof Link>) {
  return (
    <Link {...props} className="text-meta text-ink-3 underline-offset-3 hover:text-ink hover:underline" />
  );
}
