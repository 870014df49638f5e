"use client";

import dynamic from "next/dynamic";

/** Loaded when first opened, so that no page pays for a dialog that nobody asked for. */
export const ImportDialog = dynamic(
  () => import("./import-dialog.tsx").then((module) => module.ImportDialog),
  {
    ssr: false,
  },
);

export const NewModelDialog = dynamic(
  () => import("./new-model-dialog.tsx").then((module) => module.NewModelDialog),
  { ssr: false },
);
