export { changesInWords, sqlOf, summaryOf } from "../job-words/index.ts";
export { JobEntry, JobList, JobRow } from "./job-list.tsx";
export { JobPage } from "./job-page.tsx";
export { JobTitle } from "./job-title.tsx";
export { JobsPage } from "./jobs-page.tsx";
export { RestoreButton } from "./restore-button.tsx";
export { useJobActions } from "./use-job-actions.ts";
