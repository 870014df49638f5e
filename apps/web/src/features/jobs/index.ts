export { changesInWords } from "../job-words/index.ts";
export { ForkButton } from "./fork-button.tsx";
export { JobList, JobRow } from "./job-list.tsx";
export { JobPage } from "./job-page.tsx";
export { JobTitle } from "./job-title.tsx";
export { JobsPage } from "./jobs-page.tsx";
export { RestoreButton } from "./restore-button.tsx";
