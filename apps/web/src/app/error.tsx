"use client";

import { BrokenPage } from "../features/home/index.ts";

export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return <BrokenPage error={error} onRetry={reset} />;
}
