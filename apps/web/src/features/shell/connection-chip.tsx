"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { modelQuery } from "../../clients/queries.ts";
import { chipClass, VersionName } from "../../ui/chip.tsx";
import { Icon } from "../../ui/icon.tsx";
import { connection } from "./live.ts";
import { useStore } from "./store.ts";

function watchNetwork(onChange: () => void) {
  addEventListener("online", onChange);
  addEventListener("offline", onChange);
  return () => {
    removeEventListener("online", onChange);
    removeEventListener("offline", onChange);
  };
}

function useNetwork(): boolean {
  return useSyncExternalStore(
    watchNetwork,
    () => navigator.onLine,
    () => true,
  );
}

const LOOKS = {
  online: { word: "Online", tone: "text-ok", icon: "online", note: "Changes appear here by themselves." },
  connecting: { word: "Connecting", tone: "text-idle", icon: "ring", note: "Waiting for live messages." },
  reconnecting: {
    word: "Reconnecting",
    tone: "text-stale",
    icon: "ring",
    note: "Live messages broke off; what was missed will be read.",
  },
  offline: { word: "Offline", tone: "text-fail", icon: "offline", note: "This device has no network." },
} as const;

/** Whether live messages come through, and the current version of the model one looks at. */
export function ConnectionChip({ model }: { model: string | undefined }) {
  const status = useStore(connection);
  const network = useNetwork();
  const { data } = useQuery({ ...modelQuery(model ?? ""), enabled: model !== undefined });
  const look = LOOKS[!network ? "offline" : status === "closed" ? "reconnecting" : status];
  return (
    <span role="status" title={look.note} className={`${chipClass()} hover:bg-transparent`}>
      <Icon name={look.icon} size="s" className={`${look.tone} ${look.icon === "ring" ? "spin-slow" : ""}`} />
      <span className="max-md:sr-only">{look.word}</span>
      {model !== undefined && data && data.currentVersion > 0 ? (
        <span className="-ml-0.5 max-md:hidden">
          <span aria-hidden="true">· </span>
          <VersionName version={data.currentVersion} />
        </span>
      ) : null}
    </span>
  );
}
