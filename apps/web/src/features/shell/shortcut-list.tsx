"use client";

import { Kbd } from "../../ui/kbd.tsx";
import { keysForPeople } from "./key-sequence.ts";
import { useIsMac } from "./platform.ts";
import { type Shortcut, useAllShortcuts } from "./shortcuts.ts";

/** All shortcuts of the registry under their heads. */
export function ShortcutList() {
  const mac = useIsMac();
  const groups = new Map<string, Shortcut[]>();
  for (const shortcut of useAllShortcuts()) {
    if (shortcut.keys === "") continue;
    groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut]);
  }
  return (
    <div className="flex flex-col gap-4">
      {[...groups].map(([group, shortcuts]) => (
        <section key={group}>
          <h3 className="mb-1 text-meta font-semibold text-ink-2">{group}</h3>
          <dl>
            {shortcuts.map(({ id, keys, label }) => (
              <div key={id} className="flex h-7 items-center justify-between gap-4 border-t border-hair">
                <dt>{label}</dt>
                <dd>
                  <Kbd>{keysForPeople(keys, mac)}</Kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
