import { TeatreeError } from "@teatree/shared/contracts/errors";
import { z } from "zod";
import { ButtonLink } from "../../ui/button.tsx";
import { VersionName } from "../../ui/chip.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Timestamp } from "../../ui/figures.tsx";
import { plural } from "../../ui/format.ts";
import { TextLink } from "../../ui/page.tsx";

const Removal = z.object({ removedAt: z.iso.datetime(), kept: z.array(z.int()) });
type Removal = z.infer<typeof Removal>;

/** Since when a version is gone and what is kept, when that is why it could not be read. */
export function removalOf(error: unknown): Removal | undefined {
  if (!(error instanceof TeatreeError) || error.code !== "version_removed") return undefined;
  return Removal.safeParse(error.details).data;
}

/** In the place of a version that retention removed: since when, and the way to those that are kept. */
export function RemovedVersion({
  model,
  version,
  removal,
}: {
  model: string;
  version: number;
  removal: Removal;
}) {
  const { kept, removedAt } = removal;
  const before = kept.findLast((each) => each < version);
  const after = kept.find((each) => each > version);
  const current = kept.at(-1);
  const near = [...new Set([before, after, current])].filter((each) => each !== undefined);
  const href = (to: number) => `/models/${model}/versions/${to}`;
  return (
    <EmptyState
      icon="clock"
      title={`Version ${version} was removed`}
      hint={
        <>
          The retention of {model} let it go on <Timestamp at={removedAt} />.{" "}
          {plural(kept.length, "version is", "versions are")} kept; the nearest:{" "}
          {near.map((each, index) => (
            <span key={each}>
              {index === 0 ? null : ", "}
              <TextLink href={href(each)}>
                <VersionName version={each} />
              </TextLink>
              {each === current ? " (current)" : null}
            </span>
          ))}
          .
        </>
      }
    >
      <ButtonLink href={`/models/${model}/versions`}>Versions that are kept</ButtonLink>
      <ButtonLink href={`/models/${model}`}>Open {model}</ButtonLink>
    </EmptyState>
  );
}
