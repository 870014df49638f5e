import { notFound } from "next/navigation";
import { ComparePage } from "../../../../../features/compare/index.ts";

export default async function Page({ params }: { params: Promise<{ m: string; range: string }> }) {
  const { m, range } = await params;
  const [, before, after] = /^([1-9]\d{0,9})\.\.\.([1-9]\d{0,9})$/.exec(decodeURIComponent(range)) ?? [];
  if (before === undefined || after === undefined) notFound();
  return <ComparePage model={decodeURIComponent(m)} before={Number(before)} after={Number(after)} />;
}
