"use client";

import Link from "next/link";
import { Toaster, toast } from "sonner";
import { Icon, type IconName } from "../../ui/icon.tsx";
import type { Saying, Tone } from "./saying.ts";

const ICONS: Record<Tone, IconName> = { ok: "ok", fail: "failed", idle: "info" };
const COLOURS: Record<Tone, string> = { ok: "text-ok", fail: "text-fail", idle: "text-ink-3" };

/** Shows a word of `say`; failures stay longer. */
export function showToast(message: string, saying: Saying): void {
  const { detail, tone = "idle", link } = saying;
  toast.custom(
    (id) => (
      <div className="flex w-[340px] max-w-[calc(100vw-32px)] items-start gap-2 rounded-m bg-raised px-3 py-2.5 font-sans text-ui shadow-menu">
        <Icon name={ICONS[tone]} size="s" className={`mt-0.75 ${COLOURS[tone]}`} />
        <div className="min-w-0 flex-1">
          <p className="font-medium break-words">{message}</p>
          {detail ? <p className="line-clamp-3 text-meta break-words text-ink-2">{detail}</p> : null}
        </div>
        {link ? (
          <Link
            href={link.href}
            onClick={() => toast.dismiss(id)}
            className="text-leaf-ink underline decoration-leaf-line underline-offset-3"
          >
            {link.label}
          </Link>
        ) : null}
      </div>
    ),
    { duration: tone === "fail" ? 10_000 : 5_000 },
  );
}

/** Where toasts appear; mount once. At the left: buttons that confirm stand at the right and must not be covered. */
export function ToastPlace() {
  return (
    <Toaster
      position="bottom-left"
      offset={{ bottom: 16, left: 64 }}
      mobileOffset={{ bottom: 60 }}
      visibleToasts={4}
    />
  );
}
