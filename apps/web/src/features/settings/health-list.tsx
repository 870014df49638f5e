"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "../../clients/page-api.ts";
import { FactList } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { LoadError } from "../shell/index.ts";

const PARTS = [
  ["postgres", "PostgreSQL"],
  ["nats", "NATS"],
  ["objectStore", "Object store"],
  ["dispatcher", "Dispatcher"],
] as const;

/** Whether each part of the system answers. */
export function HealthList() {
  const { data, error, refetch } = useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => api.getHealth(undefined, { signal }),
    refetchInterval: 10_000,
  });
  if (error) return <LoadError what="The state of the parts" error={error} onRetry={() => void refetch()} />;
  return (
    <FactList
      facts={PARTS.map(([part, label]) => ({
        label,
        value:
          data === undefined ? (
            <Skeleton className="w-12" />
          ) : (
            <StateBadge
              state={data.parts[part] === "ok" ? "done" : "failed"}
              label={data.parts[part] === "ok" ? "up" : "down"}
            />
          ),
      }))}
    />
  );
}
