"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useDeferredValue, useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SearchField } from "../../ui/form.tsx";
import { Page, PageHead } from "../../ui/page.tsx";
import { Introduction } from "./introduction.tsx";
import { SectionView } from "./section-view.tsx";
import { countMembers, narrowed, type ReferenceSection, SECTIONS, TYPE_NAMES } from "./sections.ts";

const ALL = countMembers(SECTIONS);

function ClassList({ sections }: { sections: readonly ReferenceSection[] }) {
  return (
    <nav aria-label="Classes" className="lg:sticky lg:top-4 lg:self-start">
      <ul className="flex flex-wrap gap-x-1 lg:flex-col">
        {sections.map(({ id, title, members }) => (
          <li key={id}>
            <Link
              href={`#${id}`}
              prefetch={false}
              className="flex h-7 items-center gap-2 rounded-s px-2 text-ink-2 hover:bg-hover hover:text-ink"
            >
              <span className="flex-1">{title}</span>
              <span aria-hidden="true" className="text-meta text-ink-3">
                {members.length}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The filter, which the address keeps as `?q=`. */
function useFilter(): [string, (next: string) => void] {
  const [filter, setFilter] = useState(useSearchParams().get("q") ?? "");
  const change = (next: string) => {
    setFilter(next);
    const { pathname } = window.location;
    const query = new URLSearchParams({ q: next });
    window.history.replaceState(null, "", next === "" ? pathname : `${pathname}?${query}`);
  };
  return [filter, change];
}

/** All that a Polars cell may call. */
export function PolarsReferencePage() {
  const [filter, setFilter] = useFilter();
  const asked = useDeferredValue(filter);
  const { found, count } = useMemo(() => {
    const classes = SECTIONS.map((section) => narrowed(section, asked));
    const all = [...classes, narrowed(TYPE_NAMES, asked)];
    return { found: all.filter(({ members }) => members.length > 0), count: countMembers(classes) };
  }, [asked]);
  return (
    <Page wide>
      <PageHead title="Polars reference">All that a Polars cell may call, with the ways to call it.</PageHead>
      <Introduction />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <SearchField
          label="Filter by name, class or description"
          icon="filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="w-full md:w-80"
        />
        <p role="status" className="text-meta text-ink-3">
          {count === ALL ? `${ALL} members` : `${count} of ${ALL} members`}
        </p>
      </div>
      {found.length === 0 ? (
        <EmptyState
          icon="search"
          title="Nothing matches this filter"
          hint="What is not listed cannot be called. Try another word, or a part of one."
        >
          <Button icon="close" onClick={() => setFilter("")}>
            Clear the filter
          </Button>
        </EmptyState>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-4 lg:grid-cols-[160px_minmax(0,1fr)]">
          <ClassList sections={found} />
          <div className="flex min-w-0 flex-col gap-7">
            {found.map((section) => (
              <SectionView key={section.id} section={section} />
            ))}
          </div>
        </div>
      )}
    </Page>
  );
}
