"use client";

import dynamic from "next/dynamic";

/** Loaded when first opened, so that no page pays for a dialog that nobody asked for. */
export const ForkDialog = dynamic(() => import("./fork-dialog.tsx").then((module) => module.ForkDialog), {
  ssr: false,
});
