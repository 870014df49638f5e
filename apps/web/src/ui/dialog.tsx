"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { type ReactNode, useRef } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./class-names.ts";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One sentence below the title. */
  description?: ReactNode;
  children?: ReactNode;
  /** Left in the footer: what follows from the action. */
  footnote?: ReactNode;
  /** Right in the footer: one primary action at the end. */
  actions?: ReactNode;
};

const BACKDROP =
  "fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none";

function Frame({ title, description, children, footnote, actions }: Omit<Props, "open" | "onClose">) {
  return (
    <>
      <header className="flex items-start gap-3 border-b border-line px-6 py-3.5">
        <div className="min-w-0 flex-1">
          <Base.Title className="text-head font-semibold">{title}</Base.Title>
          {description ? (
            <Base.Description className="text-meta text-ink-3">{description}</Base.Description>
          ) : null}
        </div>
        <Base.Close render={<IconButton icon="close" label="Close" className="-mr-2" />} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4">{children}</div>
      {actions || footnote ? (
        <footer className="flex flex-wrap items-center gap-2 border-t border-line px-6 py-3">
          <div className="min-w-40 flex-1 text-meta text-ink-3 max-md:basis-full">{footnote}</div>
          {actions}
        </footer>
      ) : null}
    </>
  );
}

/** Where the work begins: the first field, else the first button of the footer, not the cross in the corner. */
function useFirstFocus() {
  const popup = useRef<HTMLDivElement>(null);
  const initialFocus = () =>
    popup.current?.querySelector<HTMLElement>("input:not([type=file]), select, textarea, footer button") ??
    true;
  return { ref: popup, initialFocus };
}

/** What both share: the backdrop, Esc and a press outside close it, focus comes back to where it was. */
function Popup({ open, onClose, place, ...frame }: Props & { place: string }) {
  const focus = useFirstFocus();
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup
          {...focus}
          className={cx(
            "fixed z-50 flex flex-col bg-raised outline-none transition-[opacity,transform] duration-150",
            "data-ending-style:opacity-0 data-starting-style:opacity-0 motion-reduce:transition-none",
            place,
          )}
        >
          <Frame {...frame} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A question in the middle of the view. */
export function Dialog(props: Props) {
  return (
    <Popup
      {...props}
      place="top-[12vh] left-1/2 max-h-[76vh] w-[min(520px,calc(100vw-24px))] -translate-x-1/2 rounded-l shadow-menu data-starting-style:-translate-y-1"
    />
  );
}

/** 600 px from the right: for what needs facts, a statement and samples beside the page it belongs to. */
export function Sheet(props: Props) {
  return (
    <Popup
      {...props}
      place="inset-y-0 right-0 w-[min(600px,100vw)] shadow-sheet data-ending-style:translate-x-4 data-starting-style:translate-x-4"
    />
  );
}
