"use client";

import { Menu as Base } from "@base-ui/react/menu";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Kbd } from "./kbd.tsx";

export type MenuItem =
  | {
      label: string;
      /** What follows, in a few words below the label. */
      note?: string;
      icon?: IconName;
      kbd?: string;
      checked?: boolean;
      danger?: boolean;
      disabled?: boolean;
      href?: string;
      onSelect?: () => void;
    }
  | "separator";

function itemClass(danger?: boolean) {
  return cx(
    "flex min-h-7 w-full items-center gap-2 rounded-s px-2 py-1 text-left outline-none data-disabled:text-ink-3 data-highlighted:bg-hover",
    danger && "text-fail",
  );
}

function ItemContent({ item }: { item: Exclude<MenuItem, "separator"> }) {
  return (
    <>
      {item.icon ? <Icon name={item.icon} size="s" className="text-ink-2" /> : null}
      <span className="min-w-0 flex-1">
        {item.label}
        {item.note ? <span className="block text-meta text-ink-3">{item.note}</span> : null}
      </span>
      {item.kbd ? <Kbd>{item.kbd}</Kbd> : null}
      {item.checked ? <Icon name="check" size="s" className="text-leaf-ink" /> : null}
    </>
  );
}

/** A button that opens a list of actions. `trigger` is the element itself (a Button, an IconButton). */
export function Menu({
  trigger,
  items,
  align = "end",
  children,
}: {
  trigger: ReactElement<Record<string, unknown>>;
  items: MenuItem[];
  align?: "start" | "end";
  children?: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50">
          <Base.Popup className="min-w-44 max-w-80 rounded-m bg-raised p-1 shadow-menu outline-none">
            {children}
            {items.map((item, index) => {
              if (item === "separator") {
                return <Base.Separator key={`separator-${index}`} className="my-1 h-px bg-hair" />;
              }
              if (item.href !== undefined) {
                return (
                  <Base.Item key={item.label} render={<Link href={item.href} />} className={itemClass()}>
                    <ItemContent item={item} />
                  </Base.Item>
                );
              }
              return (
                <Base.Item
                  key={item.label}
                  disabled={item.disabled}
                  onClick={item.onSelect}
                  className={itemClass(item.danger)}
                >
                  <ItemContent item={item} />
                </Base.Item>
              );
            })}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
