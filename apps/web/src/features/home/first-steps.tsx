"use client";

import { useQuery } from "@tanstack/react-query";
import { useMilestones } from "../../clients/milestones.ts";
import { modelQuery, notebooksQuery, recentJobsQuery } from "../../clients/queries.ts";
import { cx } from "../../ui/class-names.ts";
import { Icon } from "../../ui/icon.tsx";
import { Section, TextLink } from "../../ui/page.tsx";

const SAMPLE_MODEL = "flights";
const SAMPLE_NOTEBOOK = "Flights in five cells";

/**
 * The way from the sample to one's own version, ticked off by what is really there. It leaves when the sample is not
 * installed or everything is done.
 */
export function FirstSteps() {
  const notebook = useQuery(notebooksQuery(200)).data?.items.find(({ title }) => title === SAMPLE_NOTEBOOK);
  const known = useQuery({ ...modelQuery(SAMPLE_MODEL), enabled: notebook !== undefined }).data;
  const submitted = useQuery({
    ...recentJobsQuery({ model: SAMPLE_MODEL, function: "sql", status: "applied" }, 10),
    enabled: notebook !== undefined,
    refetchInterval: false,
  });
  const reached = useMilestones();
  if (notebook === undefined || known === undefined) return null;
  const own = submitted.data?.items.find((job) => job.notebookId !== null && job.version !== null);
  const steps = [
    {
      label: "Sample loaded",
      done: known.currentVersion > 0,
      href: `/models/${SAMPLE_MODEL}`,
      action: "See it",
    },
    { label: "Run the cells", done: reached.has("read"), href: `/notebooks/${notebook.id}`, action: "Open" },
    {
      label: `Submit a change, get version ${own?.version ?? known.currentVersion + 1}`,
      done: own !== undefined,
      href: `/notebooks/${notebook.id}`,
      action: "Go on",
    },
    {
      label: "Download your version",
      done: own !== undefined && reached.has("downloaded"),
      href: `/models/${SAMPLE_MODEL}/versions/${own?.version ?? known.currentVersion}`,
      action: "Go on",
    },
  ];
  const next = steps.findIndex(({ done }) => !done);
  if (next === -1) return null;
  return (
    <Section
      title={SAMPLE_NOTEBOOK}
      aside={
        <span className="text-meta text-ink-3">{`${steps.filter(({ done }) => done).length} of ${steps.length}`}</span>
      }
    >
      <ol className="border-t border-line pt-1">
        {steps.map(({ label, done, href, action }, index) => (
          <li
            key={label}
            className={cx(
              "flex h-7 items-center gap-2",
              done && "text-ink-3",
              index === next && "font-medium",
            )}
          >
            <Icon name={done ? "ok" : "dashed"} size="s" className={done ? "text-ok" : "text-ink-3"} />
            <span className="sr-only">{done ? "Done: " : "To do: "}</span>
            <span className="min-w-0 flex-1 truncate">{label}</span>
            {index === next ? <TextLink href={href}>{action}</TextLink> : null}
          </li>
        ))}
      </ol>
    </Section>
  );
}
