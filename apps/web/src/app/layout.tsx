import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { FIRST_SCRIPT, Shell } from "../features/shell/index.ts";
import { plexMono, plexSans } from "./fonts.ts";
import "./globals.css";

/** Without a title: the top bar gives it, with the count of what is unread, and of two the browser shows the first. */
export const metadata: Metadata = {
  description: "Versioned DuckDB data models that change only through a durable queue.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" className={`${plexSans.variable} ${plexMono.variable}`} suppressHydrationWarning>
      <head>
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: FIRST_SCRIPT }} />
      </head>
      <body>
        <Shell>{children}</Shell>
      </body>
    </html>
  );
}
