"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { createPageQueryClient } from "../../clients/query-client.ts";
import { SignIn } from "../auth/index.ts";
import { announcementOf } from "./announce.ts";
import { startLive } from "./live.ts";
import { Rail } from "./rail.tsx";
import { say } from "./say.ts";
import { type Shortcut, useShortcutKeys, useShortcuts } from "./shortcuts.ts";
import { setTheme, useThemeChoice } from "./theme.ts";
import { TopBar } from "./top-bar.tsx";

const ShortcutSheet = dynamic(() => import("./shortcut-sheet.tsx").then((module) => module.ShortcutSheet), {
  ssr: false,
});
const ToastPlace = dynamic(() => import("./toasts.tsx").then((module) => module.ToastPlace), { ssr: false });
const Palette = dynamic(() => import("./palette.tsx").then((module) => module.Palette), { ssr: false });

/** What stands around every page, and the page's one query client, live stream and set of keys. */
export function Shell({ children }: { children: ReactNode }) {
  const [signedOut, setSignedOut] = useState(false);
  const [client] = useState(() => createPageQueryClient(() => setSignedOut(true)));
  return (
    <QueryClientProvider client={client}>
      {signedOut ? <SignIn /> : <Frame>{children}</Frame>}
      {signedOut ? null : <Live client={client} />}
      <ToastPlace />
    </QueryClientProvider>
  );
}

function Live({ client }: { client: Parameters<typeof startLive>[0] }) {
  useEffect(
    () =>
      startLive(client, (notification) => {
        // The page of the job shows all of it already.
        if (window.location.pathname === `/jobs/${notification.jobId}`) return;
        const { message, ...rest } = announcementOf(notification);
        say(message, rest);
      }),
    [client],
  );
  return null;
}

function Frame({ children }: { children: ReactNode }) {
  // Every page follows the system when it goes dark, not only the one that shows the choice.
  useThemeChoice();
  const [palette, setPalette] = useState<"never" | "open" | "closed">("never");
  const [sheet, setSheet] = useState(false);
  const router = useRouter();
  const go = (keys: string, label: string, href: string): Shortcut => ({
    id: `go ${href}`,
    keys,
    label: `Go to ${label}`,
    group: "Everywhere",
    run: () => router.push(href),
  });
  useShortcutKeys();
  useShortcuts([
    {
      id: "palette",
      keys: "Mod+k",
      label: "Search or run a command",
      group: "Everywhere",
      inFields: true,
      run: () => setPalette("open"),
    },
    { id: "sheet", keys: "?", label: "Show all shortcuts", group: "Everywhere", run: () => setSheet(true) },
    go("g h", "home", "/"),
    go("g m", "models", "/models"),
    go("g n", "notebooks", "/notebooks"),
    go("g j", "jobs", "/jobs"),
    go("g i", "inbox", "/inbox"),
    go("g s", "settings", "/settings"),
    {
      id: "new model",
      keys: "n m",
      label: "New model",
      group: "Everywhere",
      run: () => router.push("/models?new=1"),
    },
    {
      id: "new notebook",
      keys: "n n",
      label: "New notebook",
      group: "Everywhere",
      run: () => router.push("/notebooks/new"),
    },
    { id: "theme light", keys: "", label: "Theme: light", group: "Theme", run: () => setTheme("light") },
    { id: "theme dark", keys: "", label: "Theme: dark", group: "Theme", run: () => setTheme("dark") },
    {
      id: "theme system",
      keys: "",
      label: "Theme: as the system",
      group: "Theme",
      run: () => setTheme("system"),
    },
  ]);
  return (
    <div className="flex h-dvh flex-col md:grid md:grid-cols-[48px_minmax(0,1fr)] md:grid-rows-[44px_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-m focus:bg-raised focus:px-3 focus:py-1 focus:shadow-menu"
      >
        Skip to content
      </a>
      <Rail />
      <TopBar onPalette={() => setPalette("open")} />
      <main id="main" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 overflow-auto outline-none">
        {children}
      </main>
      {palette === "never" ? null : (
        <Palette open={palette === "open"} onClose={() => setPalette("closed")} />
      )}
      {sheet ? <ShortcutSheet open onClose={() => setSheet(false)} /> : null}
    </div>
  );
}
