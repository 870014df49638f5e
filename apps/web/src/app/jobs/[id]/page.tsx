import { JobPage } from "../../../features/jobs/index.ts";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <JobPage id={(await params).id} />;
}
