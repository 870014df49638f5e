"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export type TabItem = { value: string; label: string; count?: string; panel: ReactNode };

/** Tabs whose list holds only tabs; what else belongs to the bar comes in `aside`. */
export function Tabs({
  label,
  items,
  value,
  onChange,
  aside,
}: {
  label: string;
  items: TabItem[];
  value: string;
  onChange: (value: string) => void;
  aside?: ReactNode;
}) {
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(String(next))}>
      <div className="-mx-4 mb-2 flex h-10 items-center gap-5 overflow-x-auto border-b border-line px-4 md:-mx-6 md:px-6">
        <Base.List aria-label={label} className="flex gap-5">
          {items.map((item) => (
            <Base.Tab
              key={item.value}
              value={item.value}
              className="relative top-px h-10 border-b-2 border-transparent font-medium whitespace-nowrap text-ink-3 hover:text-ink data-active:border-leaf data-active:text-ink"
            >
              {item.label}
              {item.count === undefined ? null : (
                <span className="font-normal text-ink-3"> {item.count}</span>
              )}
            </Base.Tab>
          ))}
        </Base.List>
        <span className="flex-1" />
        {aside}
      </div>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value}>
          {item.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
