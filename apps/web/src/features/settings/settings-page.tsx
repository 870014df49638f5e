"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { meQuery } from "../../clients/queries.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Bytes } from "../../ui/figures.tsx";
import { FactList, Page, PageHead, Section, TextLink } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ShortcutList, setTheme, type ThemeChoice, useThemeChoice } from "../shell/index.ts";
import { HealthList } from "./health-list.tsx";

const THEMES: { value: ThemeChoice; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

function ThemeChooser() {
  const choice = useThemeChoice();
  return (
    <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ value, label }) => (
        <label key={value} className="flex h-7 cursor-pointer items-center gap-2">
          <input
            type="radio"
            name="theme"
            value={value}
            checked={choice === value}
            onChange={() => setTheme(value)}
            className="accent-leaf"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

const never = () => () => undefined;

function CurlHelp() {
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  const commands = `export TEATREE_TOKEN=…   # stands in the link that the terminal printed
curl -H "Authorization: Bearer $TEATREE_TOKEN" ${origin}/api/v1/models

curl -H "Authorization: Bearer $TEATREE_TOKEN" -H 'Accept: text/csv' \\
     -H 'Content-Type: application/json' \\
     -d '{"sql":"SELECT 42 AS answer"}' ${origin}/api/v1/models/MODEL/query`;
  return (
    <>
      <p className="mb-2 text-ink-2">
        Everything the pages do goes through one HTTP API, described at{" "}
        <TextLink href="/api/v1/openapi.json" prefetch={false} target="_blank">
          /api/v1/openapi.json
        </TextLink>
        . Programs send the token in a header:
      </p>
      <CodeBlock text={commands} language="text" label="Copy the commands" />
    </>
  );
}

/** What the reader may set, every shortcut, and how to reach the same from a program. */
export function SettingsPage() {
  const me = useQuery(meQuery());
  return (
    <Page>
      <PageHead title="Settings" />
      <div className="grid max-w-5xl gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,400px)]">
        <div className="flex min-w-0 flex-col gap-7">
          <Section title="Theme">
            <ThemeChooser />
          </Section>
          <Section title="Profile">
            <FactList
              facts={[
                { label: "Name", value: me.data?.name ?? <Skeleton /> },
                { label: "Mode", value: "local: one administrator, known by the token" },
                {
                  label: "Upload limit",
                  value: me.data ? <Bytes value={me.data.uploadLimitBytes} /> : <Skeleton />,
                },
              ]}
            />
          </Section>
          <Section title="From a program">
            <CurlHelp />
          </Section>
          <Section title="Parts of this Teatree">
            <HealthList />
          </Section>
          <Section title="About">
            <p className="max-w-prose text-ink-2">
              Teatree keeps versioned DuckDB data models that change only through a durable queue. Each change
              is a job; each job or batch of jobs makes one numbered version; each version is a file to
              download and open. The typefaces are IBM Plex Sans and IBM Plex Mono (OFL-1.1).
            </p>
          </Section>
        </div>
        <Section title="Keyboard shortcuts">
          <ShortcutList />
        </Section>
      </div>
    </Page>
  );
}
