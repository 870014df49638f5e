"use client";

import { Dialog } from "../../ui/dialog.tsx";
import { ShortcutList } from "./shortcut-list.tsx";

/** All shortcuts, over the page one is on. */
export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <ShortcutList />
    </Dialog>
  );
}
