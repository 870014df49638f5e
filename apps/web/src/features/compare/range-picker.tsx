"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { recentVersionsQuery } from "../../clients/queries.ts";
import { IconButton } from "../../ui/button.tsx";
import { SelectField } from "../../ui/form.tsx";
import { Icon } from "../../ui/icon.tsx";
import { compareHref } from "./compare-href.ts";
import type { Range } from "./use-comparison.ts";

const CHOICES = 200;

/** Both sides of the comparison and the button that turns it round. `search` goes along: the chosen table stays. */
export function RangePicker({ range, search }: { range: Range; search: string }) {
  const router = useRouter();
  const { data } = useQuery(recentVersionsQuery(range.model, CHOICES));
  const go = (before: number, after: number) =>
    router.push(compareHref(range.model, before, after) + (search === "" ? "" : `?${search}`));
  const versions = data?.items ?? [];
  const choices = (own: number) =>
    versions.some(({ version }) => version === own)
      ? versions
      : [...versions, { version: own, name: null }].toSorted((a, b) => b.version - a.version);
  const side = (label: string, own: number, onChange: (version: number) => void) => (
    <SelectField
      hideLabel
      label={label}
      className="font-mono"
      value={own}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {choices(own).map(({ version, name }) => (
        <option key={version} value={version}>
          v{version}
          {name === null ? "" : ` ${name}`}
        </option>
      ))}
    </SelectField>
  );
  return (
    <>
      {side("Version before", range.before, (version) => go(version, range.after))}
      <Icon name="arrowRight" size="s" className="text-ink-3" />
      {side("Version after", range.after, (version) => go(range.before, version))}
      <IconButton
        icon="compare"
        label="Swap the versions"
        disabled={range.before === range.after}
        onClick={() => go(range.after, range.before)}
      />
    </>
  );
}
