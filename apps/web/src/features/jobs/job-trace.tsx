import type { Job } from "@teatree/shared/contracts/jobs";
import { Mono } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Duration, Timestamp } from "../../ui/figures.tsx";
import { FactList } from "../../ui/page.tsx";
import { Table, Td, Th, Tr } from "../../ui/table.tsx";
import { stepLabel } from "./job-steps.ts";

function Id({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <Mono className="break-all">{value}</Mono>
      <CopyButton text={value} label={label} />
    </span>
  );
}

/** The ids to look for in logs and in a trace viewer, and every step with its exact times. */
export function JobTrace({ job }: { job: Job }) {
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <FactList
        facts={[
          { label: "Job", value: <Id value={job.id} label="Copy the job's id" /> },
          {
            label: "Trace",
            value:
              job.traceId === null ? (
                <span className="text-ink-3">none was recorded</span>
              ) : (
                <Id value={job.traceId} label="Copy the trace id" />
              ),
          },
          { label: "Submitted", value: <Timestamp at={job.submittedAt} /> },
          {
            label: "Started",
            value:
              job.startedAt === null ? (
                <span className="text-ink-3">not yet</span>
              ) : (
                <Timestamp at={job.startedAt} />
              ),
          },
          {
            label: "Finished",
            value:
              job.finishedAt === null ? (
                <span className="text-ink-3">not yet</span>
              ) : (
                <Timestamp at={job.finishedAt} />
              ),
          },
        ]}
      />
      {job.steps.length === 0 ? (
        <EmptyState icon="clock" title="No step yet" hint="Steps are listed here as they happen." />
      ) : (
        <Table label="Steps with their times" padded>
          <thead>
            <tr>
              <Th>Step</Th>
              <Th>Began</Th>
              <Th numeric>Took</Th>
              <Th>Detail</Th>
            </tr>
          </thead>
          <tbody>
            {job.steps.map((step) => (
              <Tr key={`${step.name} ${step.startedAt}`}>
                <Td strong>{stepLabel(step.name)}</Td>
                <Td>
                  <Mono>{step.startedAt}</Mono>
                </Td>
                <Td numeric>
                  <Duration ms={step.durationMs} />
                </Td>
                <Td quiet>{step.detail}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
