import { JobsPage } from "../../features/jobs/index.ts";

export default function Page() {
  return <JobsPage />;
}
