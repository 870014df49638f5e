"use client";

import { IconButton } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { keysForPeople, useIsMac } from "../shell/index.ts";
import { useActions } from "./notebook-context.tsx";
import type { Cell } from "./notebook-document.ts";

/** Everything that can be done with a cell, each with its key. */
export function MoreMenu(props: { cell: Cell; label: string; onRename?: () => void; onEdit?: () => void }) {
  const { cell, label, onRename, onEdit } = props;
  const { dispatch, format, submit, remove } = useActions();
  const mac = useIsMac();
  const { key, kind } = cell;
  const keys = (text: string) => keysForPeople(text, mac);
  return (
    <Menu
      trigger={<IconButton icon="more" size="s" label={`More for ${label}`} />}
      items={[
        ...(kind === "sql"
          ? ([
              {
                label: "Submit…",
                icon: "arrowUp",
                kbd: keys("Mod+Shift+Enter"),
                onSelect: () => submit(key),
              },
              { label: "Format", icon: "text", kbd: keys("Shift+Alt+f"), onSelect: () => format(key) },
              { label: "Rename", onSelect: onRename },
              "separator",
            ] as const)
          : ([{ label: "Edit", icon: "text", kbd: "Enter", onSelect: onEdit }, "separator"] as const)),
        { label: "Insert above", icon: "plus", kbd: "a", onSelect: () => insert("above") },
        { label: "Insert below", icon: "plus", kbd: "b", onSelect: () => insert("below") },
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
        kind === "sql"
          ? {
              label: "Make it Markdown",
              icon: "markdown",
              kbd: "m",
              onSelect: () => dispatch({ do: "kind", key, kind: "markdown" }),
            }
          : {
              label: "Make it SQL",
              icon: "table",
              kbd: "s",
              onSelect: () => dispatch({ do: "kind", key, kind: "sql" }),
            },
        "separator",
        { label: "Delete", icon: "trash", kbd: "d d", danger: true, onSelect: () => remove(key) },
      ]}
    />
  );

  function insert(side: "above" | "below") {
    dispatch({ do: "insert", beside: key, side, kind: "sql" });
  }
}
