"use client";

import { IconButton } from "../../ui/button.tsx";
import type { IconName } from "../../ui/icon.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { keysForPeople, useIsMac } from "../shell/index.ts";
import { useActions } from "./notebook-context.tsx";
import { type Cell, type CellKind, KIND_WORDS } from "./notebook-document.ts";

const KINDS: readonly { kind: CellKind; icon: IconName; key: string }[] = [
  { kind: "sql", icon: "table", key: "s" },
  { kind: "polars", icon: "server", key: "p" },
  { kind: "markdown", icon: "markdown", key: "m" },
];

/** Everything that can be done with a cell, each with its key. */
export function MoreMenu(props: { cell: Cell; label: string; onRename?: () => void; onEdit?: () => void }) {
  const { cell, label, onRename, onEdit } = props;
  const { dispatch, insert, makeKind, format, submit, remove } = useActions();
  const mac = useIsMac();
  const { key, kind } = cell;
  const keys = (text: string) => keysForPeople(text, mac);
  return (
    <Menu
      trigger={<IconButton icon="more" size="s" label={`More for ${label}`} />}
      items={[
        ...(kind !== "markdown"
          ? ([
              {
                label: "Submit…",
                icon: "arrowUp",
                kbd: keys("Mod+Shift+Enter"),
                onSelect: () => submit(key),
              },
              ...(kind === "sql"
                ? [
                    {
                      label: "Format",
                      icon: "text",
                      kbd: keys("Shift+Alt+f"),
                      onSelect: () => format(key),
                    } as const,
                  ]
                : []),
              { label: "Rename", onSelect: onRename },
              ...(kind === "polars"
                ? [{ label: "Polars reference", icon: "info", href: "/polars" } as const]
                : []),
              "separator",
            ] as const)
          : ([{ label: "Edit", icon: "text", kbd: "Enter", onSelect: onEdit }, "separator"] as const)),
        { label: "Insert above", icon: "plus", kbd: "a", onSelect: () => insert("sql", key, "above") },
        { label: "Insert below", icon: "plus", kbd: "b", onSelect: () => insert("sql", key, "below") },
        {
          label: "Move up",
          icon: "arrowUp",
          kbd: keys("Alt+ArrowUp"),
          onSelect: () => dispatch({ do: "move", key, by: -1 }),
        },
        {
          label: "Move down",
          icon: "arrowDown",
          kbd: keys("Alt+ArrowDown"),
          onSelect: () => dispatch({ do: "move", key, by: 1 }),
        },
        { label: "Duplicate", icon: "copy", onSelect: () => dispatch({ do: "duplicate", key }) },
        ...KINDS.filter((other) => other.kind !== kind).map(
          (other): MenuItem => ({
            label: `Make it ${KIND_WORDS[other.kind]}`,
            icon: other.icon,
            kbd: other.key,
            onSelect: () => makeKind(key, other.kind),
          }),
        ),
        "separator",
        { label: "Delete", icon: "trash", kbd: "d d", danger: true, onSelect: () => remove(key) },
      ]}
    />
  );
}
