"use client";

import dynamic from "next/dynamic";

/** The question before an act; its dialog is loaded when it is first asked. */
export const LazyConfirm = dynamic(() => import("./confirm.tsx").then((module) => module.Confirm), {
  ssr: false,
});
