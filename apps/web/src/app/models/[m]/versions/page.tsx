import { VersionsPage } from "../../../../features/versions/index.ts";

export default async function Page({ params }: { params: Promise<{ m: string }> }) {
  return <VersionsPage model={decodeURIComponent((await params).m)} />;
}
