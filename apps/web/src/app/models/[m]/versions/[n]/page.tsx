import { notFound } from "next/navigation";
import { VersionPage } from "../../../../../features/versions/index.ts";

export default async function Page({ params }: { params: Promise<{ m: string; n: string }> }) {
  const { m, n } = await params;
  const version = Number(n);
  if (!Number.isSafeInteger(version) || version < 1) notFound();
  return <VersionPage model={decodeURIComponent(m)} version={version} />;
}
