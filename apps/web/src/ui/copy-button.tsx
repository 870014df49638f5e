"use client";

import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import type { IconName } from "./icon.tsx";

/** Copies `text`; a check mark for a moment says it is done, and screen readers hear it. */
export function CopyButton({
  text,
  label,
  size = "s",
  icon = "copy",
}: {
  text: string;
  label: string;
  size?: "s" | "m";
  icon?: IconName;
}) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  return (
    <>
      <IconButton icon={state === "copied" ? "check" : icon} label={label} size={size} onClick={copy} />
      <span role="status" className="sr-only">
        {state === "copied" ? "Copied" : state === "refused" ? "The browser refused to copy" : ""}
      </span>
    </>
  );
}
