"use client";

import { type FormEvent, type ReactNode, useId } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/empty-state.tsx";
import { explain } from "./errors.ts";

type Props = {
  open: boolean;
  onClose: () => void;
  title: string;
  description: ReactNode;
  footnote?: ReactNode;
  /** On the button that submits. */
  action: string;
  onSubmit: () => void;
  /** The last try is under way. */
  busy: boolean;
  disabled?: boolean;
  /** Why the last try failed, or null. */
  error: unknown;
  /** The fields. */
  children: ReactNode;
};

/** A dialog with one form, which is sent by its button or by Enter. What is wrong with a field is said by the field. */
export function FormDialog({ action, onSubmit, busy, disabled, error, children, ...dialog }: Props) {
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const reason = error ? explain(error) : null;
  return (
    <Dialog
      {...dialog}
      actions={
        <>
          <Button onClick={dialog.onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={id} busy={busy} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-3">
        {reason ? <ErrorNotice title={reason.title} detail={reason.advice} /> : null}
        {children}
      </form>
    </Dialog>
  );
}
