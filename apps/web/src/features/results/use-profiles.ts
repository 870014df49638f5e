"use client";

import { useEffect, useState } from "react";
import { type ColumnProfile, profileColumn } from "./column-profile.ts";
import type { GridData } from "./result-columns.ts";

const MOST_COLUMNS = 60;

/** Profiles of the columns, made one after another while nothing else is to do; rows are shown long before. */
export function useProfiles(data: GridData): readonly (ColumnProfile | undefined)[] {
  const [made, setMade] = useState<{ of: GridData; profiles: ColumnProfile[] }>({ of: data, profiles: [] });
  useEffect(() => {
    const profiles: ColumnProfile[] = [];
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      const column = data.columns[profiles.length];
      if (stopped || !column || profiles.length >= MOST_COLUMNS) return;
      profiles.push(profileColumn(column, data.rowCount));
      setMade({ of: data, profiles: [...profiles] });
      timer = setTimeout(next);
    };
    timer = setTimeout(next, 30);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [data]);
  return made.of === data ? made.profiles : [];
}
