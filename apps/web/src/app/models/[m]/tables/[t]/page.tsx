import { TablePage } from "../../../../../features/models/index.ts";

export default async function Page({ params }: { params: Promise<{ m: string; t: string }> }) {
  const { m, t } = await params;
  return <TablePage model={decodeURIComponent(m)} table={decodeURIComponent(t)} />;
}
