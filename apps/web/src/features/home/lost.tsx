"use client";

import { Button, ButtonLink } from "../../ui/button.tsx";
import { EmptyState, ErrorNotice } from "../../ui/empty-state.tsx";
import { Page, PageHead } from "../../ui/page.tsx";

/** There is no page at this address. */
export function NotFoundPage() {
  return (
    <Page>
      <PageHead title="Not found" />
      <EmptyState
        icon="search"
        title="There is no page at this address"
        hint="It may have been typed wrongly. Search with Ctrl K, or begin at one of these."
      >
        <ButtonLink href="/">Home</ButtonLink>
        <ButtonLink href="/models">Models</ButtonLink>
        <ButtonLink href="/jobs">Jobs</ButtonLink>
      </EmptyState>
    </Page>
  );
}

/** A page that broke while it was drawn; the shell around it goes on. */
export function BrokenPage({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Page>
      <PageHead title="This page broke" />
      <ErrorNotice title="Something in this page went wrong" detail={error.message}>
        <Button icon="retry" onClick={onRetry}>
          Try again
        </Button>
        <ButtonLink href="/">Home</ButtonLink>
      </ErrorNotice>
    </Page>
  );
}
